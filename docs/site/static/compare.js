"use strict";
// Keys from difference to difference, and the picker.

const differences = [...document.querySelectorAll(".difference")];
const element = id => document.getElementById(id);
let current = -1;

function visit(index) {
  if (!differences[index]) return;
  current = index;
  for (const [side, other] of [["l", "right"], ["r", "left"]]) // where only one is shown
    if (!differences[index].querySelector(`.${side}:not(.none)`)) element("show-" + other).checked = true;
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

for (const [id, other] of [["left", "right"], ["right", "left"]]) {
  [...element(id).options].find(option => option.value === element(other).value).disabled = true;
  element(id).onchange = () => {
    const pair = [element("left").value, element("right").value].sort();
    location.href = pair.join("+") + ".html";
  };
}
document.querySelector(".picks").hidden = element("controls").hidden = false;
