"use strict";
// Copy buttons, lines that a link names, and Escape for the explanations.

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

for (const term of document.querySelectorAll(".term")) {
  term.onkeydown = event => term.classList.toggle("closed", event.key === "Escape");
  term.onmouseleave = () => term.classList.remove("closed");
}
