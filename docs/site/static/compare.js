"use strict";
// Keys from difference to difference, and the picker.

const differences = [...document.querySelectorAll(".difference")];
const element = id => document.getElementById(id);
let current = -1;

function visit(index) {
  if (!differences[index]) return;
  current = index;
  differences[index].focus({preventScroll: true});
  differences[index].scrollIntoView({block: "center"});
  element("which").textContent = `${index + 1} of ${differences.length}`;
}

element("next").onclick = () => visit(current + 1);
element("previous").onclick = () => visit(current - 1);
addEventListener("keydown", event => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.tagName === "SELECT") return;
  if (event.key === "n") visit(current + 1);
  if (event.key === "p") visit(current - 1);
});

for (const id of ["left", "right"]) {
  element(id).onchange = () => {
    const pair = [element("left").value, element("right").value].sort();
    if (pair[0] !== pair[1]) location.href = pair.join("+") + ".html";
  };
}
document.querySelector(".picks").hidden = element("controls").hidden = false;
