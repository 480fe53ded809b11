"use strict";
// Asks what there is, shows the chosen page, and asks again until something was saved. Text is only ever set as text.

const element = (id) => document.getElementById(id);
const chosen = { recipient: null, language: null };
let look = { version: "" };
let asked = 0;

function entries(list, items, current, choose) {
  list.replaceChildren(...items.map(([value, words]) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.textContent = words;
    button.setAttribute("aria-current", String(value === current));
    button.addEventListener("click", () => choose(value));
    item.append(button);
    return item;
  }));
}

function recipients() {
  return [...(look.recipients || []).map((each) => each.id), ""];
}

function draw() {
  document.title = look.code || "Preview";
  element("code").textContent = look.code || "";
  element("title").textContent = look.title || "";
  element("state").textContent = look.state || "";
  const named = (look.recipients || []).map((each, index) => [each.id, `${index + 1}  ${each.name}`]);
  entries(element("recipients"), [...named, ["", "b  the bulletin"]], chosen.recipient, (value) => pick({ recipient: value }));
  entries(element("languages"), (look.languages || []).map((each) => [each, each]), chosen.language, (value) => pick({ language: value }));
  const problems = look.problems || [];
  element("counted").textContent = problems.length ? `Check: ${problems.length} to look at` : "Check: nothing to put right";
  element("problems").replaceChildren(...problems.map((problem) => {
    const item = document.createElement("li");
    item.className = problem.severity;
    item.textContent = `${problem.file}:${problem.line}: ${problem.message}`;
    return item;
  }));
}

async function show() {
  const number = ++asked;
  const query = new URLSearchParams({ recipient: chosen.recipient ?? "", language: chosen.language ?? "", version: look.version });
  const page = look.fault ? { fault: look.fault } : await (await fetch(`page.json?${query}`)).json();
  if (number !== asked) return;
  const frame = element("page");
  element("told").textContent = page.fault || "";
  frame.hidden = Boolean(page.fault);
  if (page.fault) return;
  frame.style.height = `${Math.ceil(frame.clientWidth * page.ratio * page.pages + 24 * page.pages)}px`;
  frame.src = `page.pdf?${query}#toolbar=0&navpanes=0&view=FitH&zoom=page-width&pagemode=none`;
}

function pick(change) {
  Object.assign(chosen, change);
  draw();
  show();
}

function step(values, current, by) {
  return values[(values.indexOf(current) + by + values.length) % values.length];
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const languages = look.languages || [];
  const digit = Number.parseInt(event.key, 10);
  const moves = {
    ArrowDown: () => ({ recipient: step(recipients(), chosen.recipient, 1) }),
    ArrowUp: () => ({ recipient: step(recipients(), chosen.recipient, -1) }),
    ArrowRight: () => ({ language: step(languages, chosen.language, 1) }),
    ArrowLeft: () => ({ language: step(languages, chosen.language, -1) }),
    b: () => ({ recipient: "" }),
  };
  if (event.key === "o") {
    window.open(element("page").src.split("#")[0], "_blank", "noopener");
  } else if (digit >= 1 && digit <= (look.recipients || []).length) {
    pick({ recipient: look.recipients[digit - 1].id });
  } else if (moves[event.key] && languages.length) {
    pick(moves[event.key]());
  } else {
    return;
  }
  event.preventDefault();
});

async function poll() {
  try {
    const now = await (await fetch("look.json")).json();
    if (now.version !== look.version) {
      look = now;
      if (!recipients().includes(chosen.recipient)) chosen.recipient = recipients()[0];
      if (!(look.languages || []).includes(chosen.language)) chosen.language = (look.languages || [null])[0];
      draw();
      await show();
    }
  } catch {
    element("told").textContent = "The preview has ended; start it again with: appeals preview";
  }
  window.setTimeout(poll, 500);
}

poll();
