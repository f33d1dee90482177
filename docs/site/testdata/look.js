// What a reader sees of a page. Run inside of it by the tests.

const press = (key, shiftKey) =>
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key, shiftKey: !!shiftKey, bubbles: true, cancelable: true}));

const isSeen = element => element && element.getClientRects().length > 0;

// cells returns the tables of a part, each as its rows.
const cells = part => [...part.querySelectorAll("table")].map(table =>
  [[table.caption.firstChild.textContent.trim()], ...[...table.rows].map(row =>
    [...row.cells].map(cell => (cell.classList.contains("ghost") ? "ghost " : "") + cell.textContent.trim()))]);

// program returns what one side of a replay shows.
const program = side => {
  const of = selector => document.querySelector(`#program-${side} ${selector}`);
  if (of(".say").closest("[hidden]")) return null;
  return {
    Say: of(".say").textContent,
    Rest: of(".rest").hidden ? "" : of(".rest").textContent,
    Calls: +of(".counters b").textContent,
    Looked: +of(".counters b:last-of-type").textContent,
    Structures: cells(of(".structures")),
    Clients: cells(of(".clients"))[0],
    Call: of(".calls .marked")?.textContent ?? "",
    Line: of(".excerpt .marked") ? +of(".excerpt .marked").dataset.line : 0,
    Source: (of(".excerpt .marked")?.textContent ?? "").trim(),
    Stack: [...document.querySelectorAll(`#program-${side} .stack a`)].map(link => link.textContent),
  };
};

let address; // while walking

const moment = () => ({
  Address: address ?? location.hash,
  Step: [...document.querySelectorAll("#steps li")].findIndex(item => item.querySelector("[aria-current]")),
  Programs: [program(0), program(1)],
});

// walk goes through a replay by keys, forward and back, and returns all moments
// and where going back shows something else. The browser's history is left out:
// it takes longer than all the rest.
const walk = () => {
  const whole = () => JSON.stringify(moment());
  const replaceState = history.replaceState;
  history.replaceState = (state, title, to) => { address = to; };
  press("Home");
  const forward = [], texts = [];
  for (let last = ""; address !== last; press("ArrowRight")) {
    last = address;
    forward.push(moment());
    texts.push(whole());
  }
  const wrong = [];
  for (let i = texts.length - 1; i >= 0; i--) {
    if (whole() !== texts[i]) wrong.push(forward[i].Address);
    press("ArrowLeft");
  }
  history.replaceState = replaceState;
  return {Moments: forward, Wrong: wrong};
};

// Contrasts: of each text with what is behind it.
const channels = colour => {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data];
};
const behind = element => {
  for (let at = element; at; at = at.parentElement) {
    const colour = getComputedStyle(at).backgroundColor;
    if (colour !== "rgba(0, 0, 0, 0)") return colour;
  }
  return getComputedStyle(document.body).backgroundColor;
};
const luminance = colour => {
  const [r, g, b] = channels(colour).map(value => value / 255).map(value => value <= .04045 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4);
  return .2126 * r + .7152 * g + .0722 * b;
};
const contrast = (a, b) => {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + .05) / (low + .05);
};
const contrasts = () => {
  const found = {}, walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode, element = text.parentElement;
    if (!text.data.trim() || !isSeen(element) || element.closest("option")) continue;
    const style = getComputedStyle(element), colour = element.closest("svg") ? style.fill : style.color, ground = behind(element);
    found[colour + " on " + ground] ??= {Ratio: contrast(colour, ground), Text: text.data.trim().slice(0, 40)};
  }
  return found;
};

const moving = () => [...document.querySelectorAll("*")].filter(element => {
  const style = getComputedStyle(element);
  return style.transitionDuration.split(", ").some(time => time !== "0s") || style.animationName !== "none" || style.scrollBehavior === "smooth";
}).length;
