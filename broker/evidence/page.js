// Shows what came of the archive in this page, or of another one that is chosen.
const archive = JSON.parse(document.getElementById("archive").textContent);
const { texts, names } = JSON.parse(document.getElementById("words").textContent);
const element = (id) => document.getElementById(id);
let lang = document.documentElement.lang;
let files = Object.fromEntries(Object.entries(archive).map(([name, content]) => [name, unbase64(content)]));
let verdict = null;

const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const say = (key, values = {}) => fill(texts[lang].evidence_page[key], values);
const term = (table, key) => texts[lang][table][key] ?? key ?? "–";
const count = (n) => n.toLocaleString(lang);
const moment = (time) => new Date(time).toLocaleString(lang, { timeZone: "Europe/Stockholm", dateStyle: "long", timeStyle: "short" });

function placeOf(place) {
  const [, folder, seq] = /^(records|proofs)\/([0-9]+)\.json$/.exec(place) ?? [];
  const known = { [MANIFEST]: "place_manifest", [CHECKPOINT]: "place_checkpoint", [STATUTES]: "place_statutes" };
  if (folder) return say(folder === "records" ? "place_record" : "place_proof", { seq });
  return Object.hasOwn(known, place) ? say(known[place]) : place;
}

function make(name, content, ...below) {
  const made = document.createElement(name);
  if (content !== undefined) made.textContent = content;
  made.append(...below);
  return made;
}

function rows(pairs) {
  return make("dl", undefined, ...pairs.filter(([, value]) => value).flatMap(([key, value]) => [make("dt", say(key)), make("dd", value)]));
}

function partyOf(party) {
  return party ? names[party.authority] ?? party.authority : "";
}

function recordOfPage(seq) {
  const leaf = parsed(files[recordOf(seq)]);
  const kind = leaf.kind ? term("kinds", leaf.kind) : term("outcomes", leaf.record);
  const fold = make("details", undefined, make("summary", say("raw")), make("pre", JSON.stringify(leaf, null, 2)));
  return make("article", undefined, make("h3", say("record", { seq, kind })), rows([
    ["from", partyOf(leaf.sender)], ["to", partyOf(leaf.recipient)], ["sent", leaf.time && moment(leaf.time)],
    ["recorded", moment(leaf.recorded)], ["outcome", leaf.receipt && term("outcomes", leaf.receipt.outcome)],
    ["message", leaf.message],
  ]), fold);
}

function statuteOf(one) {
  const about = say("statute_about", { day: one.day, records: one.records.join(", ") });
  const doubts = one.doubts.map((doubt) => make("p", `⚠ ${doubt[lang]}`));
  const wording = make("p", one.text);
  wording.lang = "sv";
  wording.className = "wording";
  return make("details", undefined, make("summary", `${one.ref} ${one.title}`), make("p", about), wording, ...doubts);
}

function show() {
  document.documentElement.lang = lang;
  document.title = say("title");
  for (const one of document.querySelectorAll("[data-text]")) one.textContent = say(one.dataset.text);
  for (const [id, list] of [["shows", "shows"], ["shows-not", "shows_not"]]) {
    element(id).replaceChildren(...say(list).split("\n").map((line) => make("li", line)));
  }
  const result = element("result"), good = verdict && !verdict.first_bad;
  result.className = verdict ? (good ? "good" : "bad") : "unknown";
  const lines = [];
  if (!verdict) lines.push(say("cannot"));
  else if (good) {
    lines.push(`✓ ${say("holds", { n: count(verdict.records.length), size: count(verdict.size) })}`);
    lines.push(say(element("vkey").value.trim() ? "key_given" : "key_own", { vkey: verdict.vkey }));
    if (verdict.witnessed) lines.push(say("witnessed", { time: moment(verdict.witnessed * 1000) }));
  } else {
    const { place, code } = verdict.first_bad;
    lines.push(`✕ ${say("fails", { place: placeOf(place), why: term("evidence", code) })}`, say("fails_more"));
  }
  result.replaceChildren(...lines.map((line) => make("p", line)));
  for (const id of ["records", "statutes", "proves"]) element(id).hidden = !good;
  if (!good) return;
  element("record-list").replaceChildren(...verdict.records.map(recordOfPage));
  const statutes = object(files[STATUTES]);
  element("statute-list").replaceChildren(...statutes.texts.map(statuteOf));
}

async function run() {
  verdict = null;
  try {
    verdict = await verify(files, element("vkey").value.trim(), element("witness").value.trim());
  } catch {
    // No Ed25519, or no WebCrypto at all: neither good nor bad.
  }
  show();
}

element("language").addEventListener("click", () => {
  lang = lang === "sv" ? "en" : "sv";
  show();
});
element("keys").addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
element("folder").addEventListener("change", async (event) => {
  const chosen = [...event.target.files].map(async (file) => {
    const name = (file.webkitRelativePath || file.name).split("/").slice(file.webkitRelativePath ? 1 : 0).join("/");
    return [name, new Uint8Array(await file.arrayBuffer())];
  });
  files = Object.fromEntries((await Promise.all(chosen)).filter(([name]) => name !== "verify.html"));
  run();
});
run();
