// What one may write into the filter of the Runs page: words, and fields with what they must be.

import type { DataGroup, TableRow } from "./schema";
import { frameworkWord, LEVELS, ruleWord, stageWord, stateWord, taskWord } from "./words";

/** Where a row's data are told, and what time it is: what a row does not hold itself. */
export interface Known {
  data: readonly DataGroup[];
  /** Seconds since 1970. */
  now: number;
}

type Test = (row: TableRow, known: Known) => boolean;

export interface Filter {
  tests: Test[];
  /** What was written and is not understood. */
  unknown: string[];
}

type Texts = (row: TableRow, known: Known) => (string | null)[];
type Amount = (row: TableRow, known: Known) => number | null;

const TEXTS = fields<Texts>({
  name: ({ name }) => [name],
  model: ({ model }) => [model],
  task: ({ task }) => [task, taskWord(task)],
  framework: ({ framework }) => [framework, frameworkWord(framework)],
  status: ({ state }) => [state, stateWord(state)],
  health: ({ health: { level, rule } }) => [level, LEVELS[level]?.word ?? null, rule],
  data: ({ data }, known) => [known.data[data]?.label ?? null],
  tag: ({ tags }) => tags,
  note: ({ note }) => [note],
  grade: ({ grade }) => [grade],
  target: ({ target }) => [target],
});

const NUMBERS = fields<Amount>({
  map: named("map50_95"),
  map50: named("map50"),
  metric: ({ main_metric }) => main_metric?.value ?? null,
  f1: ({ f1 }) => f1,
  precision: ({ precision }) => precision,
  recall: ({ recall }) => recall,
  confidence: ({ confidence }) => confidence,
  epochs: ({ logged }) => logged,
  best: ({ best }) => best,
  images: ({ data }, known) => known.data[data]?.n_val ?? null,
});

const TIMES = fields<Amount>({
  time: ({ seconds }) => seconds,
  left: ({ left }) => left,
  updated: ({ updated }, { now }) => (updated === null ? null : now - updated),
});

const OTHER_NAMES = fields({
  "map50-95": "map",
  p: "precision",
  r: "recall",
  conf: "confidence",
  state: "status",
});

/** A map, so that no name that every object has passes for a field. */
function fields<Value>(named: Record<string, Value>): ReadonlyMap<string, Value> {
  return new Map(Object.entries(named));
}

/** What the help lists: an example of each kind of term, and what it leaves. */
export const EXAMPLES: readonly [string, string][] = [
  ["lane night", "both words in name, headline, model, tags ..."],
  ["-lane", "without the word"],
  ['"two words"', "as written"],
  ["model=yolo11n", "the model's name contains it"],
  ["map>0.5  f1>=.7  p>60%", "mAP50-95, F1, precision; also map50, r, conf, metric"],
  ["epochs>50  images<100", "numbers; also best"],
  ["status=running  health=critical", "state of the training, verdict"],
  ["task=segment  framework=yolov5", "also data, tag, note, grade, target"],
  ["updated<2d  time>1h", "age, training time; s, min, h, d"],
  ["-status=finished", "whatever is not so"],
];

const TERM = /-?(?:[^\s"]|"[^"]*"?)+/g;
const FIELD = /^([a-z0-9_-]+?)([<>]=?|=)(.*)$/;

/** Understands what was written, term by term; all tests must hold. */
export function readFilter(text: string): Filter {
  const filter: Filter = { tests: [], unknown: [] };
  for (const written of text.toLowerCase().match(TERM) ?? []) {
    const negated = written.length > 1 && written.startsWith("-");
    const test = readTerm(negated ? written.slice(1) : written);
    if (!test) filter.unknown.push(written);
    else filter.tests.push(negated ? (row, known) => !test(row, known) : test);
  }
  return filter;
}

function readTerm(term: string): Test | null {
  const [, name = "", operator = "", written = ""] = FIELD.exec(term) ?? [];
  if (!name) {
    const word = unquoted(term);
    return (row) => searchedText(row).includes(word);
  }
  const field = OTHER_NAMES.get(name) ?? name;
  const value = unquoted(written);
  if (!value) return null;
  const texts = TEXTS.get(field);
  if (texts) return operator === "=" ? contains(texts, value) : null;
  const amount = NUMBERS.get(field);
  if (amount) return compares(amount, operator, readNumber(value));
  const time = TIMES.get(field);
  return time ? compares(time, operator, readTime(value)) : null;
}

function contains(texts: Texts, value: string): Test {
  return (row, known) => texts(row, known).some((text) => text?.toLowerCase().includes(value));
}

/** A row whose number is missing fulfils no comparison. */
function compares(amount: Amount, operator: string, limit: number | null): Test | null {
  const holds = COMPARISONS[operator];
  if (limit === null || !holds) return null;
  return (row, known) => {
    const value = amount(row, known);
    return value !== null && holds(value, limit);
  };
}

/** What is equal in all digits that the page shows. */
const ALIKE = 0.0005;

const COMPARISONS: Record<string, (value: number, limit: number) => boolean> = {
  ">": (value, limit) => value > limit,
  ">=": (value, limit) => value >= limit,
  "<": (value, limit) => value < limit,
  "<=": (value, limit) => value <= limit,
  "=": (value, limit) => Math.abs(value - limit) < ALIKE,
};

/** .6, 0.6, 60% */
function readNumber(text: string): number | null {
  const [, digits, percent] = /^(\d+\.?\d*|\.\d+)(%?)$/.exec(text) ?? [];
  return digits === undefined ? null : Number(digits) / (percent ? 100 : 1);
}

const SECONDS: Record<string, number> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400, w: 604_800 };

/** 90s, 10min, 1.5h, 2d as seconds. */
function readTime(text: string): number | null {
  const [, digits, unit = ""] = /^(\d+\.?\d*|\.\d+)([a-z]+)$/.exec(text) ?? [];
  const seconds = SECONDS[unit];
  return digits === undefined || seconds === undefined ? null : Number(digits) * seconds;
}

function unquoted(text: string): string {
  return text.replace(/"/g, "");
}

function named(metric: string): Amount {
  return ({ main_metric: main }) => (main?.name === metric ? main.value : null);
}

const searched = new WeakMap<TableRow, string>();

/** All words of a row, put together once. */
export function searchedText(row: TableRow): string {
  const known = searched.get(row);
  if (known !== undefined) return known;
  const text = [
    row.name,
    row.headline,
    row.step,
    row.model,
    row.note,
    ...row.tags,
    taskWord(row.task),
    row.framework,
    frameworkWord(row.framework),
    row.stage && stageWord(row.stage),
    stateWord(row.state),
    LEVELS[row.health.level]?.word ?? row.health.level,
    row.health.rule && ruleWord(row.health.rule),
  ]
    .filter(Boolean)
    .join("\n")
    .toLowerCase();
  searched.set(row, text);
  return text;
}
