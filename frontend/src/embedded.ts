// A report is the same page with what it would ask for written into the file by `runlens report`.

interface Embedded {
  /** By what and when. */
  made: string;
  /** Sentences on what is not in the file. */
  left_out: string[];
  /** The address at which it opens. */
  start: Record<string, string>;
  /** By the question. */
  answers: Record<string, unknown>;
  /** As addresses that hold the picture themselves. */
  pictures: Record<string, string>;
}

/** Null in the tab, which has a server to ask. */
export const embedded = read();

const answers = byQuestion(embedded?.answers);
const pictures = byQuestion(embedded?.pictures);

/** The answer to a question of the page, undefined where the report has none. */
export function embeddedAnswer(path: string): unknown {
  return answers.get(asked(path));
}

/** The picture at an address, "" where the report has none: that is an image that cannot be loaded. */
export function embeddedPicture(path: string): string {
  return pictures.get(asked(path)) ?? "";
}

function read(): Embedded | null {
  const text = document.getElementById("runlens-report")?.textContent;
  return text ? (JSON.parse(text) as Embedded) : null;
}

function byQuestion<Value>(found: Record<string, Value> = {}): Map<string, Value> {
  return new Map(Object.entries(found).map(([path, value]) => [asked(path), value]));
}

/** A question in one spelling: servers and browsers do not escape the same signs. */
function asked(path: string): string {
  const [route, query] = path.split("?");
  return `${route}?${new URLSearchParams(query)}`;
}
