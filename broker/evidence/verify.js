// Verifies an evidence archive in a browser, without a network: WebCrypto's SHA-256 and Ed25519, nothing else.
// Written apart from broker/log/evidence.py, which a test holds it against: same first bad place, same word for it.
"use strict";

const MANIFEST = "manifest.json", CHECKPOINT = "checkpoint.txt", STATUTES = "statutes.json";
const MARK = "audit evidence 1", HANDOVER = "handover";
const SPACE = /[\x00-\x20+\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const HASH = /^[0-9a-f]{64}$/;
const RECORD = /^records\/(0|[1-9][0-9]{0,15})\.json$/;

class BadPlace extends Error {
  constructor(place, code) {
    super(code);
    this.fault = { place, code };
  }
}

// files: {name: Uint8Array}. vkey, witness: keys in text form as known from elsewhere, or nothing.
// Gives {records, size, vkey, witnessed, first_bad: {place, code} or null}.
async function verify(files, vkey, witness) {
  try {
    return await verifyAll(new Map(Object.entries(files)), vkey, witness);
  } catch (bad) {
    if (!(bad instanceof BadPlace)) throw bad;
    return { records: [], size: 0, vkey: "", witnessed: null, first_bad: bad.fault };
  }
}

async function verifyAll(files, vkey, witness) {
  if (!files.has(MANIFEST)) throw new BadPlace(MANIFEST, "missing");
  const manifest = object(files.get(MANIFEST));
  if (!isManifest(manifest)) throw new BadPlace(MANIFEST, "form");
  const key = await readKey(manifest.vkey, 1);
  if (!key) throw new BadPlace(MANIFEST, "key");
  const seqs = seqsOf(Object.keys(manifest.files));
  const chain = await chainOf(files, seqs, manifest.vkey);
  if (vkey && !chain.keys.includes(vkey)) throw new BadPlace(MANIFEST, "other_key");
  await compareDigests(files, manifest.files);
  const note = text(files.get(CHECKPOINT));
  const signed = await openNote(note, key);
  if (!signed || keyAt(chain, signed.size) !== manifest.vkey) throw new BadPlace(CHECKPOINT, "signature");
  const witnessed = witness ? await cosigned(note, witness) : null;
  if (witness && !witnessed) throw new BadPlace(CHECKPOINT, "witness");
  const leaves = new Map();
  for (const seq of seqs) leaves.set(seq, await leafOf(files, seq, signed));
  for (const [seq, leaf] of leaves) {
    if (leaf.record === HANDOVER && !chain.places.includes(seq)) throw new BadPlace(recordOf(seq), "handover");
  }
  compareSelection(manifest.selection, leaves);
  if (!isStatutes(object(files.get(STATUTES)), new Set(seqs))) throw new BadPlace(STATUTES, "form");
  return { records: seqs, size: signed.size, vkey: manifest.vkey, witnessed, first_bad: null };
}

// --- keys of the log, one handed over to the next (broker/log/handover.py)

// The keys that records in the archive lead over, one of which is its own; else that one alone.
async function chainOf(files, seqs, own) {
  const keys = [], places = [];
  for (const seq of seqs) {
    const leaf = object(files.get(recordOf(seq)) ?? new Uint8Array());
    if (leaf?.record !== HANDOVER) continue;
    const says = leaf.handover;
    if (!hasKeys(says, ["from", "note", "to"]) || !Object.values(says).every(isText)) break;
    if (!keys.length) keys.push(says.from);
    if (says.from !== keys.at(-1) || keys.includes(says.to) || !(await isHandedOver(says))) break;
    keys.push(says.to);
    places.push(seq);
  }
  return keys.includes(own) ? { keys, places } : { keys: [own], places: [] };
}

// The key that signs a checkpoint of this size: the old one still covers its own hand-over.
const keyAt = (chain, size) => chain.keys[chain.places.filter((place) => place + 2 <= size).length];

// Whether both keys, of the same name, have signed just this.
async function isHandedOver(says) {
  const keys = [await readKey(says.from, 1), await readKey(says.to, 1)];
  if (keys.includes(null) || keys[0].name !== keys[1].name || says.from === says.to) return false;
  const said = `${keys[0].name}\n${HANDOVER}\n${says.from}\n${says.to}\n`;
  for (const key of keys) {
    const read = readNote(says.note, key, 64);
    if (!read || read.text !== said || !(await isSigned(key.public, read.signature, utf8(read.text)))) return false;
  }
  return true;
}

function isManifest(value) {
  if (!hasKeys(value, ["files", "samband", "selection", "vkey"]) || value.samband !== MARK) return false;
  const { files: names, selection, vkey } = value;
  if (typeof vkey !== "string" || !isObject(names) || !hasKeys(selection, ["case", "message", "seq"])) return false;
  if (![selection.case, selection.message, selection.seq].every(Array.isArray)) return false;
  if (![...selection.case, ...selection.message].every(isText) || !selection.seq.every(isPlace)) return false;
  if (!Object.values(names).every((digest) => isText(digest) && HASH.test(digest))) return false;
  const seqs = seqsOf(Object.keys(names));
  const wanted = [CHECKPOINT, STATUTES, ...seqs.flatMap((seq) => [recordOf(seq), proofOf(seq)])];
  return seqs.length > 0 && hasKeys(names, wanted) && seqs.every(isPlace);
}

async function compareDigests(files, digests) {
  for (const name of Object.keys(digests).sort()) {
    if (!files.has(name)) throw new BadPlace(name, "missing");
    if (hex(await sha256(files.get(name))) !== digests[name]) throw new BadPlace(name, "changed");
  }
  const unlisted = [...files.keys()].filter((name) => !Object.hasOwn(digests, name) && name !== MANIFEST).sort();
  if (unlisted.length) throw new BadPlace(unlisted[0], "unlisted");
}

async function leafOf(files, seq, signed) {
  const proof = object(files.get(proofOf(seq)));
  if (!hasKeys(proof, ["path", "seq", "size"]) || !Array.isArray(proof.path)
      || !proof.path.every((step) => isText(step) && HASH.test(step))) throw new BadPlace(proofOf(seq), "form");
  if (proof.seq !== seq || proof.size !== signed.size) throw new BadPlace(proofOf(seq), "other_place");
  const record = files.get(recordOf(seq));
  const root = await rootOf(await sha256(new Uint8Array([0]), record), seq, signed.size, proof.path.map(unhex));
  if (!root || hex(root) !== hex(signed.root)) throw new BadPlace(recordOf(seq), "not_in_log");
  const leaf = parsed(record);
  if (!isObject(leaf)) throw new BadPlace(recordOf(seq), "form");
  return leaf;
}

// The root that a path leads to (RFC 9162, 2.1.3.2); nothing where it is too long or too short.
async function rootOf(leaf, index, size, path) {
  if (index >= size) return null;
  let hash = leaf, fn = index, sn = size - 1;
  for (const sibling of path) {
    if (sn === 0) return null;
    if (fn % 2 === 1 || fn === sn) {
      hash = await sha256(new Uint8Array([1]), sibling, hash);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else {
      hash = await sha256(new Uint8Array([1]), hash, sibling);
    }
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 ? hash : null;
}

function compareSelection(selection, leaves) {
  const valueOf = { case: (seq, leaf) => leaf.case, message: (seq, leaf) => leaf.message, seq: (seq) => seq };
  const names = Object.keys(valueOf);
  for (const [seq, leaf] of leaves) {
    if (!names.some((name) => selection[name].includes(valueOf[name](seq, leaf)))) {
      throw new BadPlace(recordOf(seq), "not_chosen");
    }
  }
  for (const name of names) {
    const values = new Set([...leaves].map(([seq, leaf]) => valueOf[name](seq, leaf)));
    if (!selection[name].every((one) => values.has(one))) throw new BadPlace(MANIFEST, "no_record");
  }
}

function isStatutes(value, seqs) {
  if (!hasKeys(value, ["law", "texts"]) || !isText(value.law) || !Array.isArray(value.texts)) return false;
  return value.texts.every((one) =>
    hasKeys(one, ["day", "doubts", "in_force", "records", "ref", "text", "title"])
    && [one.ref, one.text, one.title, one.day, one.in_force ?? ""].every(isText)
    && Array.isArray(one.doubts)
    && one.doubts.every((doubt) => hasKeys(doubt, ["en", "sv"]) && isText(doubt.en) && isText(doubt.sv))
    && Array.isArray(one.records) && one.records.every((seq) => seqs.has(seq)));
}

// --- signed notes (c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature)

// The key in a text form of this type; nothing where it is malformed.
async function readKey(vkey, type) {
  const [, name, id, encoded] = /^([^+]*)\+([^+]*)\+(.*)$/s.exec(vkey) ?? [];
  const typed = encoded === undefined ? null : unbase64(encoded);
  if (!typed || !isName(name) || typed.length !== 33 || typed[0] !== type) return null;
  const keyId = (await sha256(utf8(`${name}\n`), typed)).slice(0, 4);
  if (hex(keyId) !== id) return null;
  return { name, keyId, public: typed.slice(1) };
}

// The text of a note and the one signature in it by this key; nothing where there is none, or more than one.
function readNote(note, key, length) {
  if (note === null || note.length > 1 << 20 || /[\x00-\x09\x0b-\x1f]/.test(note)) return null;
  const at = note.lastIndexOf("\n\n");
  if (at < 0 || !note.endsWith("\n")) return null;
  const tail = note.slice(at + 2);
  if (!tail.endsWith("\n")) return null;
  const lines = tail.slice(0, -1).split("\n");
  const signatures = lines.map(readSignature);
  if (lines.length > 100 || signatures.includes(null)) return null;
  const ours = signatures.filter((one) => one.name === key.name && hex(one.keyId) === hex(key.keyId));
  return ours.length === 1 && ours[0].signature.length === length
    ? { text: note.slice(0, at + 1), signature: ours[0].signature } : null;
}

function readSignature(line) {
  const parts = line.startsWith("\u2014 ") ? line.slice(2).split(" ") : [];
  const payload = parts.length === 2 && isName(parts[0]) ? unbase64(parts[1]) : null;
  if (!payload || payload.length <= 4) return null;
  return { name: parts[0], keyId: payload.slice(0, 4), signature: payload.slice(4) };
}

async function openNote(note, key) {
  const read = readNote(note, key, 64);
  if (!read || !(await isSigned(key.public, read.signature, utf8(read.text)))) return null;
  const lines = read.text.slice(0, -1).split("\n");
  if (lines.length !== 4 || !/^(0|[1-9][0-9]{0,18})$/.test(lines[1]) || !lines[3].startsWith("previous ")) return null;
  const root = unbase64(lines[2]), previous = unbase64(lines[3].slice("previous ".length));
  if (lines[0] !== key.name || root?.length !== 32 || previous?.length !== 32) return null;
  return { size: Number(lines[1]), root };
}

// When a witness cosigned, in seconds since 1970; nothing where it has not.
async function cosigned(note, vkey) {
  const key = await readKey(vkey, 4);
  const read = key && readNote(note, key, 72);
  if (!read) return null;
  const seconds = new DataView(read.signature.buffer, read.signature.byteOffset).getBigUint64(0);
  const message = utf8(`cosignature/v1\ntime ${seconds}\n${read.text}`);
  return seconds < 253402300800n && (await isSigned(key.public, read.signature.slice(8), message)) ? Number(seconds) : null;
}

async function isSigned(key, signature, message) {
  const imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", imported, signature, message);
}

// --- bytes and texts

const recordOf = (seq) => `records/${seq}.json`;
const proofOf = (seq) => `proofs/${seq}.json`;
const seqsOf = (names) => names.map((name) => RECORD.exec(name)).filter(Boolean).map((match) => Number(match[1])).sort((a, b) => a - b);
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value) => typeof value === "string";
const isPlace = (value) => Number.isSafeInteger(value) && value >= 0;
const isName = (name) => name !== "" && !SPACE.test(name);
const hasKeys = (value, keys) => isObject(value) && Object.keys(value).length === keys.length && keys.every((key) => Object.hasOwn(value, key));
const utf8 = (string) => new TextEncoder().encode(string);
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (string) => Uint8Array.from(string.match(/../g) ?? [], (pair) => parseInt(pair, 16));

async function sha256(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) at = whole.set(part, at) ?? at + part.length;
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
}

// Bytes of base64 in its one canonical spelling; nothing for another.
function unbase64(string) {
  try {
    const bytes = Uint8Array.from(atob(string), (sign) => sign.charCodeAt(0));
    return btoa(String.fromCharCode(...bytes)) === string ? bytes : null;
  } catch {
    return null;
  }
}

function text(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function parsed(bytes) {
  try {
    return JSON.parse(text(bytes));
  } catch {
    return null;
  }
}

// The object whose one canonical spelling these bytes are; nothing for any other bytes.
function object(bytes) {
  const value = parsed(bytes);
  return isObject(value) && canonical(value) === text(bytes) ? value : null;
}

function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}
