"use strict";
// Shows the moments of two replays in lock-step. All that there is to see was
// made before: this only puts it in its place.

const get = id => document.getElementById(id);
const stage = get("stage"), slider = get("moment"), name = stage.dataset.name;
const programs = [get("program-0"), get("program-1")];
const steps = [...get("steps").children];
const loaded = {}; // replays, by player
let at, moments, timer; // who is shown, and the moment; all moments as [step, frame]

// The file of a replay calls this.
function replay(player, data) {
  loaded[player] = data;
  const column = [...get("left").options].findIndex(option => option.value === player);
  data.calls = steps.flatMap((_, step) =>
    [...get("table").querySelectorAll("tbody tr")[step].cells[column + 1].querySelectorAll("code")].map(code => [step, code.textContent]));
  show();
}

function load(player) {
  if (player in loaded) return;
  loaded[player] = null;
  const script = document.createElement("script");
  script.src = `${name}/${player}.js`;
  document.head.append(script);
}

// read takes the moment from the address: #LEFT,RIGHT,STEP.CALL.
function read() {
  const match = /^#([^,]*),([^,]*),(\d+)\.(\d+)$/.exec(location.hash) || [];
  const known = id => [...get("right").options].some(option => option.value === id);
  at = {
    players: [known(match[1]) && match[1] || stage.dataset.left, known(match[2]) ? match[2] : stage.dataset.right],
    step: +(match[3] ?? 1), frame: +match[4] || 0,
  };
  get("left").value = at.players[0];
  get("right").value = at.players[1];
  show();
}

const address = (step, frame) => `#${at.players},${step}.${frame}`;
const frames = (data, step) => data.starts[step + 1] - data.starts[step];

// show shows the moment as soon as both replays are there. The one that has
// fewer frames in this step shows its last one while the other goes on.
function show() {
  const players = at.players.filter(player => player);
  players.forEach(load);
  const datas = players.map(player => loaded[player]);
  if (!datas.every(data => data)) return;
  stage.hidden = false;
  if (stage.shown !== String(at.players)) lockSteps(datas);
  at.step = Math.min(at.step, steps.length - 1);
  const first = moments.findIndex(moment => moment[0] === at.step);
  const count = moments.filter(moment => moment[0] === at.step).length;
  at.frame = Math.min(at.frame, count - 1);
  programs.forEach((program, side) => {
    program.hidden = !at.players[side];
    if (at.players[side]) showProgram(program, at.players[side], loaded[at.players[side]]);
  });
  steps.forEach((step, i) => {
    step.firstChild.href = address(i, 0);
    step.firstChild.ariaCurrent = i === at.step ? "step" : null;
  });
  into(steps[at.step]);
  slider.max = moments.length - 1;
  slider.value = first + at.frame;
  slider.setAttribute("aria-valuetext", `step ${at.step} of ${steps.length - 1}: ${steps[at.step].textContent} ${at.frame} of ${count - 1}`);
  for (const id of ["first", "step-back", "back"]) get(id).disabled = first + at.frame === 0;
  for (const id of ["last", "step-on", "on"]) get(id).disabled = first + at.frame === moments.length - 1;
  history.replaceState(null, "", address(at.step, at.frame));
}

// lockSteps gives each step as many moments as the longer program has frames.
function lockSteps(datas) {
  stage.shown = String(at.players);
  moments = steps.flatMap((_, step) =>
    Array.from({length: Math.max(...datas.map(data => frames(data, step)))}, (_, frame) => [step, frame]));
  get("ticks").replaceChildren(...moments.flatMap(([, frame], i) => frame ? [] : [new Option("", i)]));
}

function showProgram(program, player, data) {
  const part = selector => program.querySelector(selector);
  const label = [...get("left").options].find(option => option.value === player).text;
  const last = frames(data, at.step) - 1;
  const [say, calls, looked, structures, clients, call, stack] = data.frames[data.starts[at.step] + Math.min(at.frame, last)];
  part("h2").textContent = label;
  program.setAttribute("aria-label", label);
  text(part(".say"), data.says[say]);
  part(".rest").hidden = at.frame <= last;
  text(part(".rest"), "This step is done here. " + data.rests[at.step]);
  part(".counters").innerHTML = `<b>${calls}</b> calls · <b>${looked}</b> ${looked === 1 ? "descriptor" : "descriptors"} looked at`;
  fill(part(".structures"), data, structures);
  fill(part(".clients"), data, clients);
  part(".trace").href = `${name}/${player}.trace.json`;
  showCalls(part(".calls"), player, data, call);
  if (program.shown === player + stack) return;
  program.shown = player + stack;
  showStack(program, data, stack < 0 ? [] : data.stacks[stack]);
}

// text sets a text only if it changes: a screen reader reads what is set.
function text(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

const html = (data, part) => data.parts[part].map(line => data.lines[line]).join("\n");

function fill(element, data, part) {
  if (element.shown === html(data, part)) return;
  element.innerHTML = element.shown = html(data, part);
}

function showCalls(list, player, data, call) {
  if (list.player !== player) {
    list.player = player;
    list.replaceChildren(...data.calls.map(([, line]) => {
      const item = document.createElement("li");
      item.append(Object.assign(document.createElement("code"), {textContent: line}));
      return item;
    }));
    list.looks = [];
  }
  data.calls.forEach(([step], i) => {
    const look = i === call ? "marked" : step > at.step ? "ahead" : "";
    if (list.looks[i] === look) return;
    const item = list.children[i];
    list.looks[i] = item.className = look;
    item.ariaCurrent = look === "marked" ? "true" : null;
  });
  into(list.children[call >= 0 ? call : data.calls.findLastIndex(([step]) => step < at.step)]);
}

// showStack shows the frames of a stack, and the source of one of them. At first
// that is the innermost whose file is for all systems.
function showStack(program, data, stack) {
  const list = program.querySelector(".stack"), places = stack.map(i => data.places[i]);
  program.querySelector(".stack-title").hidden = !places.length;
  list.replaceChildren(...places.map(place => {
    const item = document.createElement("li"), button = document.createElement("button"), link = document.createElement("a");
    button.textContent = place.function;
    button.onclick = () => choose(place);
    link.href = `../${place.file}.html#L${place.line}`;
    link.textContent = `${place.file}:${place.line}`;
    item.append(button, " ", link);
    return item;
  }));
  const choose = chosen => {
    [...list.children].forEach((item, i) => item.firstChild.setAttribute("aria-pressed", places[i] === chosen));
    const code = program.querySelector(".excerpt code");
    if (!chosen) return code.replaceChildren();
    const excerpt = data.excerpts[chosen.excerpt];
    code.innerHTML = html(data, excerpt.part).split("\n").map((line, i) => {
      const number = excerpt.first + i, marked = number === chosen.line;
      return `<span class="line${marked ? " marked" : ""}" data-line="${number}">${line}</span>`;
    }).join("\n");
    into(code.querySelector(".marked"));
  };
  choose(places.find(place => !place.file.endsWith("_linux.go")) || places[0]);
}

// into scrolls an element into the part of its list that is seen, and nothing
// else; when the page is drawn, so that fast steps cost little.
function into(element) {
  if (!element) return;
  requestAnimationFrame(() => {
    let box = element.parentElement;
    while (box && box.scrollHeight <= box.clientHeight && box !== stage) box = box.parentElement;
    if (!box || box === stage) return;
    const top = element.getBoundingClientRect().top - box.getBoundingClientRect().top;
    if (top < 0 || top > box.clientHeight - 40) box.scrollTop += top - box.clientHeight / 2;
  });
}

function go(index) {
  [at.step, at.frame] = moments[Math.max(0, Math.min(index, moments.length - 1))];
  show();
}

const now = () => +slider.value;
const moves = {
  "first": () => go(0),
  "last": () => go(moments.length - 1),
  "back": () => go(now() - 1),
  "on": () => go(now() + 1),
  "step-back": () => go(moments.findLastIndex(([, frame], i) => !frame && i < now())),
  "step-on": () => go([...moments.keys()].find(i => !moments[i][1] && i > now()) ?? moments.length),
};

function stop() {
  clearInterval(timer);
  timer = null;
  get("play").textContent = "Play";
}

get("play").onclick = () => {
  if (timer) return stop();
  get("play").textContent = "Pause";
  timer = setInterval(() => now() < moments.length - 1 ? moves.on() : stop(), 1200);
};
for (const id in moves) get(id).onclick = () => { stop(); moves[id](); };
slider.oninput = () => { stop(); go(now()); };
get("script").onchange = event => { location.href = event.target.value; };
for (const [side, id] of [[0, "left"], [1, "right"]])
  get(id).onchange = event => { stop(); at.players[side] = event.target.value; show(); slider.focus(); };

addEventListener("keydown", event => {
  const keys = {ArrowLeft: event.shiftKey ? "step-back" : "back", ArrowRight: event.shiftKey ? "step-on" : "on", Home: "first", End: "last"};
  if (!keys[event.key] || event.altKey || event.ctrlKey || event.metaKey || event.target.tagName === "SELECT" || !moments) return;
  event.preventDefault();
  stop();
  moves[keys[event.key]]();
});
addEventListener("hashchange", read);
get("table").open = false;
read();
