"use strict";
// Asks what there is, shows what is chosen of it, and asks again until something was saved. Text is only ever set as text.

const VIEWS = [["letter", "l", "letter"], ["mail", "m", "email draft"], ["text", "t", "plain text"], ["bulletin", "b", "bulletin"]];
const element = (id) => document.getElementById(id);
const chosen = { view: "letter", recipient: null, language: null };
let look = { version: "" };
let asked = 0;

function made(tag, text = "", className = "") {
  const node = document.createElement(tag);
  node.textContent = text;
  if (className) node.className = className;
  return node;
}

function entries(list, items, current, choose) {
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.value : null;
  list.replaceChildren(...items.map(([value, key, words]) => {
    const item = made("li");
    const button = made("button", words);
    button.dataset.value = value;
    if (key) button.prepend(made("kbd", key), " ");
    button.setAttribute("aria-current", String(value === current));
    button.addEventListener("click", () => choose(value));
    item.append(button);
    return item;
  }));
  const again = [...list.querySelectorAll("button")].find((each) => each.dataset.value === focused);
  if (again) again.focus({ preventScroll: true });
  const shown = list.querySelector('[aria-current="true"]');
  if (shown) shown.scrollIntoView({ block: "nearest" });
}

function recipients() {
  return (look.recipients || []).map((each) => each.id);
}

function toRecipient(recipient) {
  return { recipient, view: chosen.view === "bulletin" ? "letter" : chosen.view };
}

function draw() {
  document.title = [look.code || "Preview", chosen.view].join(" · ");
  element("code").textContent = look.code || "";
  element("title").textContent = look.title || "";
  element("state").textContent = look.state || "";
  const named = (look.recipients || []).map((each, index) => [each.id, index < 9 ? String(index + 1) : "", each.name]);
  entries(element("views"), look.fault ? [] : VIEWS, chosen.view, (view) => pick({ view }));
  entries(element("languages"), (look.languages || []).map((each) => [each, "", each]), chosen.language, (language) => pick({ language }));
  entries(element("recipients"), named, chosen.view === "bulletin" ? null : chosen.recipient, (each) => pick(toRecipient(each)));
  const problems = look.problems || [];
  const errors = problems.filter((problem) => problem.severity === "error");
  element("errors").replaceChildren(...errors.map(problemShown));
  const warnings = problems.filter((problem) => problem.severity !== "error");
  element("counted").textContent = problems.length ? `Check: ${count(errors.length, "error")}, ${count(warnings.length, "warning")}` : "Check: nothing to put right";
  element("warnings").replaceChildren(...warnings.map((problem) => made("li", `${problem.file}:${problem.line}: ${said(problem)}`)));
}

function count(number, word) {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

function said(problem) {
  return problem.hint ? `${problem.message}, ${problem.hint}` : problem.message;
}

function problemShown(problem) {
  const box = made("div", "", "problem");
  box.append(made("div", `${problem.file}:${problem.line}:${problem.column}`, "place"), made("div", said(problem)));
  if (problem.excerpt) box.append(made("pre", problem.excerpt));
  return box;
}

function queried(name, more = {}) {
  const recipient = chosen.view === "bulletin" ? "" : chosen.recipient ?? "";
  return `${name}?${new URLSearchParams({ recipient, language: chosen.language ?? "", version: look.version, ...more })}`;
}

function tell(words, isFault = false) {
  element("told").textContent = words;
  element("told").classList.toggle("fault", isFault);
}

async function show() {
  const number = ++asked;
  const view = chosen.view;
  const answer = look.fault ? { fault: look.fault } : await (await fetch(queried(`${view}.json`))).json();
  if (number !== asked) return;
  if (answer.fault) {
    tell(answer.fault, true);
    element("content").replaceChildren();
  } else if (answer.sheets) {
    showSheets(answer.sheets, number);
  } else if (view === "mail") {
    tell("As a mail program reads the draft. Nothing is sent.");
    element("content").replaceChildren(...mailShown(answer));
  } else {
    tell("The letter as plain text, for web forms and mail links.");
    element("content").replaceChildren(boxed(textShown(answer)));
  }
}

// The sheets of a save take the place of those before them once they are drawn, so that nothing flickers or moves.
function showSheets(sizes, number) {
  const [width, height] = sizes[0];
  const paper = width === 215.9 ? "US Letter" : "A4";
  const envelope = chosen.view === "letter" ? `, for the envelope ${look.envelope}` : "";
  tell(`${count(sizes.length, "page")} of ${paper}, ${width} × ${height} mm${envelope}`);
  const sheets = made("div", "", "sheets next");
  const frames = sizes.map(([wide, high], index) => {
    const sheet = made("div", "", "sheet");
    sheet.style.setProperty("--width", wide);
    sheet.style.setProperty("--height", high);
    const frame = document.createElement("iframe");
    frame.title = `Page ${index + 1} of ${sizes.length}`;
    frame.tabIndex = -1;
    frame.src = `${queried("sheet.pdf", { number: index + 1 })}#toolbar=0&navpanes=0&view=Fit&pagemode=none`;
    sheet.append(frame);
    sheets.append(sheet);
    return frame;
  });
  element("content").querySelectorAll(".next").forEach((each) => each.remove());
  element("content").append(sheets);
  const drawn = frames.map((frame) => new Promise((resolve) => frame.addEventListener("load", resolve, { once: true })));
  Promise.race([Promise.all(drawn), new Promise((resolve) => window.setTimeout(resolve, 3000))]).then(() => {
    window.setTimeout(() => {
      if (number !== asked) return;
      sheets.classList.remove("next");
      [...element("content").children].forEach((each) => each === sheets || each.remove());
    }, 250);
  });
}

function boxed(...nodes) {
  const box = made("div", "", "mail");
  box.append(...nodes);
  return box;
}

function textShown(answer) {
  const text = made("pre", answer.text, "text");
  text.dir = answer.direction;
  return text;
}

function mailShown(mail) {
  const list = made("dl");
  const rows = [...mail.headers, ["Attachment", `${mail.attachment[0]}, ${Math.ceil(mail.attachment[1] / 1024)} KiB`]];
  for (const [name, value] of [...rows, ["Mail link", mail.link ?? "none: the directory has no address"]]) list.append(made("dt", name), made("dd", value));
  const frame = document.createElement("iframe");
  frame.title = "The HTML part of the draft";
  frame.setAttribute("sandbox", "");
  frame.tabIndex = -1;
  frame.src = queried("mail.html");
  return [boxed(made("h2", "Headers"), list), boxed(made("h2", "HTML part"), frame), boxed(made("h2", "Text part"), textShown(mail))];
}

function pick(change) {
  Object.assign(chosen, change);
  draw();
  show();
}

function step(values, current, by) {
  return values[(values.indexOf(current) + by + values.length) % values.length];
}

function scroll(by) {
  const main = element("shown");
  const target = main.scrollHeight > main.clientHeight + 1 ? main : document.scrollingElement;
  target.scrollBy({ top: by * window.innerHeight * 0.85 });
}

function moves() {
  const languages = look.languages || [];
  const ids = recipients();
  const views = Object.fromEntries(VIEWS.map(([view, key]) => [key, () => pick({ view })]));
  const numbers = Object.fromEntries(ids.slice(0, 9).map((id, index) => [String(index + 1), () => pick(toRecipient(id))]));
  return {
    ...(languages.length ? views : {}),
    ...numbers,
    ...(ids.length ? {
      ArrowDown: () => pick(toRecipient(step(ids, chosen.recipient, 1))),
      ArrowUp: () => pick(toRecipient(step(ids, chosen.recipient, -1))),
    } : {}),
    ...(languages.length ? {
      ArrowRight: () => pick({ language: step(languages, chosen.language, 1) }),
      ArrowLeft: () => pick({ language: step(languages, chosen.language, -1) }),
      o: () => window.open(queried("pages.pdf"), "_blank", "noopener"),
    } : {}),
    PageDown: () => scroll(1),
    PageUp: () => scroll(-1),
  };
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isOnButton = document.activeElement instanceof HTMLButtonElement;
  const move = event.key === " " && !isOnButton ? () => scroll(event.shiftKey ? -1 : 1) : moves()[event.key];
  if (!move) return;
  move();
  event.preventDefault();
});

// A click into a mail's HTML would take the keys along: they come back.
window.addEventListener("blur", () => window.setTimeout(() => {
  if (document.activeElement instanceof HTMLIFrameElement) element("shown").focus({ preventScroll: true });
}));

async function poll() {
  try {
    const now = await (await fetch("look.json")).json();
    if (now.version !== look.version) {
      look = now;
      if (look.fault === null) {
        if (!recipients().includes(chosen.recipient)) chosen.recipient = recipients()[0] ?? null;
        if (chosen.recipient === null) chosen.view = "bulletin";
        if (!look.languages.includes(chosen.language)) chosen.language = look.languages[0] ?? null;
      }
      draw();
      await show();
    }
  } catch {
    tell("The preview has ended; start it again with: appeals preview", true);
  }
  window.setTimeout(poll, 500);
}

poll();
