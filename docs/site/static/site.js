"use strict";
// Copy buttons, lines that a link names, Escape for the explanations, and arrow
// keys for the points of a chart.

for (const block of document.querySelectorAll(".commands")) {
  const button = document.createElement("button");
  button.className = "copy";
  button.textContent = "Copy";
  button.setAttribute("aria-label", "Copy the commands");
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(block.querySelector("code").textContent);
      button.textContent = "Copied";
    } catch { // not allowed: select it, so that one key does it
      getSelection().selectAllChildren(block.querySelector("code"));
      button.textContent = "Selected";
    }
  };
  block.append(button);
}

function markLines() {
  for (const line of document.querySelectorAll(".marked")) line.classList.remove("marked");
  const match = /^#L(\d+)(?:-L(\d+))?$/.exec(location.hash);
  if (!match) return;
  for (let n = +match[1]; n <= +(match[2] || match[1]); n++)
    document.getElementById("L" + n)?.classList.add("marked");
}
addEventListener("hashchange", markLines);
markLines();

// The Tab key stops once at a chart, not at each of its points.
for (const chart of document.querySelectorAll(".chart")) {
  const points = [...chart.querySelectorAll(".point")];
  points.forEach((point, i) => {
    point.setAttribute("tabindex", i ? -1 : 0);
    point.onkeydown = event => {
      const next = points[i + {ArrowRight: 1, ArrowLeft: -1}[event.key]];
      if (!next) return;
      event.preventDefault();
      next.focus();
    };
  });
}

for (const term of document.querySelectorAll(".term")) {
  term.onkeydown = event => term.classList.toggle("closed", event.key === "Escape");
  term.onmouseleave = () => term.classList.remove("closed");
}
