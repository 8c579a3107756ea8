// What happened while nobody looked, above the table of runs.

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { digestPath } from "../../api";
import { Choice } from "../../components/choice";
import { PartTrouble } from "../../components/trouble";
import { embedded } from "../../embedded";
import { kept } from "../../kept";
import type { DigestAnswer } from "../../schema";
import { table } from "../../table";
import { usePoll } from "../../use_poll";
import { pinOf } from "./baseline";
import { DigestLine } from "./digest_line";
import { type Part, partsOf } from "./digest_parts";

/** An evening, a night and the way to work. */
const USUAL = { value: "12h", text: "12 h" };
const SPANS = [
  USUAL,
  { value: "24h", text: "24 h" },
  { value: "3d", text: "3 d" },
  { value: "7d", text: "7 d" },
];

const since = kept("since", USUAL.value);
const unfolded = kept("digest", true);

/** Its sentences are of minutes and hours. */
const PERIOD_MS = 60_000;
const period = () => PERIOD_MS;

/** A report has no now. */
export function Digest() {
  return embedded ? null : <Asked />;
}

function Asked() {
  const span = SPANS.find(({ value }) => value === since.value) ?? USUAL;
  const { poll, answer, waiting } = useDigest(span.value);
  const id = useId();
  const trouble = poll.trouble.value;
  if (answer === null && trouble && UNKNOWN.includes(trouble.error.code)) return null;
  const parts = answer ? partsOf(answer) : [];
  return (
    <section class="card digest" aria-labelledby={id} aria-busy={waiting}>
      <header class="card-head">
        <h2 id={id}>Since {span.text}</h2>
        <p class="digest-headline">{answer ? answer.headline : waiting && <Looking />}</p>
        <Tools span={span.value} folds={parts.length > 0} />
      </header>
      <PartTrouble poll={poll} />
      {answer && unfolded.value && <Parts parts={parts} logdir={answer.logdir} />}
    </section>
  );
}

/** Asked again when the table below has changed, since both tell the same; an old answer stays until the next. */
function useDigest(span: string) {
  const rows = table.answer.value;
  const poll = usePoll<DigestAnswer>(digestPath(span, rows ? pinOf(rows) : undefined), period);
  const known = useRef(rows);
  useEffect(() => {
    if (known.current !== rows) poll.refresh();
    known.current = rows;
  }, [rows, poll]);
  const last = useRef<DigestAnswer | null>(null);
  const { value } = poll.answer;
  last.current = value ?? last.current;
  return { poll, answer: last.current, waiting: value === null && poll.trouble.value === null };
}

function Tools({ span, folds }: { span: string; folds: boolean }) {
  return (
    <div class="card-tools">
      <Choice
        label="Since"
        options={SPANS}
        value={span}
        choose={(chosen) => {
          since.value = chosen;
        }}
      />
      {folds && (
        <button
          type="button"
          aria-expanded={unfolded.value}
          onClick={() => {
            unfolded.value = !unfolded.value;
          }}
        >
          {unfolded.value ? "Fold" : "Unfold"}
        </button>
      )}
    </div>
  );
}

/** A server that is older than this page, or that the page itself says is gone. */
const UNKNOWN: readonly string[] = ["not_found", "not_understood", "unreachable"];

function Looking() {
  return (
    <span class="muted" role="status">
      Looking what has happened
    </span>
  );
}

interface PartsProps {
  parts: readonly Part[];
  logdir: string;
}

function Parts({ parts, logdir }: PartsProps) {
  const most = parts.length > FEW ? 1 : 2;
  return (
    <div class="digest-parts">
      {parts.map((part) => (
        <DigestPart key={part.title} part={part} most={most} logdir={logdir} />
      ))}
    </div>
  );
}

/** Of more parts than these each says less, so that the table stays in sight. */
const FEW = 4;

interface PartProps {
  part: Part;
  /** Lines that are shown before it is unfolded. */
  most: number;
  logdir: string;
}

function DigestPart({ part: { title, lines, wide }, most, logdir }: PartProps) {
  const [all, setAll] = useState(false);
  const more = lines.length - most;
  return (
    <div class={`digest-part${wide ? " wide" : ""}${all ? " all" : ""}`}>
      <h3>{title}</h3>
      <ul>
        {lines.slice(0, all ? undefined : most).map((line) => (
          <DigestLine key={line.key} line={line} logdir={logdir} />
        ))}
      </ul>
      {more > 0 && (
        <button type="button" class="quiet" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "Fewer" : `${more} more`}
        </button>
      )}
    </div>
  );
}
