import { ChartCard } from "../charts/chart_card";
import type { Band, Line, Picture } from "../charts/picture";
import { Nothing } from "../components/nothing";
import { type Format, MISSING } from "../format";
import type { DetailedRun, Schedule } from "../schema";
import type { View } from "../view";
import { STYLES, type Style } from "./machine";
import type { Panel, PanelProps } from "./panel";
import { runPicture } from "./run_picture";

export const learningRate: Panel = { id: "learning-rate", place: "charts", Content: LearningRate };

function LearningRate({ run, view }: PanelProps) {
  const { schedule } = run;
  if (schedule === null) {
    return (
      <Nothing
        id="learning-rate"
        title="Learning rate"
        why="No learning rate is logged. Ultralytics writes lr/pg0 into results.csv; other loops record it with recorder.log_epoch(lr={...})."
      />
    );
  }
  return (
    <ChartCard
      id="learning-rate"
      title="Learning rate"
      picture={picture(run, view, schedule)}
      view={view}
      note={<Notes schedule={schedule} />}
    />
  );
}

function Notes({ schedule: { peak, final, notes, why_not } }: { schedule: Schedule }) {
  return (
    <p>
      Highest <b>{rate(peak)}</b>, last <b>{rate(final)}</b>.{" "}
      <span class="muted">
        {[why_not && `No expected line: ${why_not}`, ...notes].filter(Boolean).join(" ")}
      </span>
    </p>
  );
}

function picture(run: DetailedRun, view: View, schedule: Schedule): Picture {
  return runPicture(run, view, {
    lines: lines(run, schedule),
    bands: warmUp(schedule),
    better: "lower",
    zero: true,
    format: rate,
  });
}

/** The groups that differ, and what the arguments imply: most groups share one rate. */
function lines({ series }: DetailedRun, { expected }: Schedule): Line[] {
  const same = new Map<string, string[]>();
  for (const [name, values] of Object.entries(series.lr)) {
    const key = values.join();
    same.set(key, [...(same.get(key) ?? []), name]);
  }
  const logged = [...same.values()].map(
    (names, nth): Line => ({
      ...(STYLES[nth % STYLES.length] as Style),
      label: names.join(", "),
      values: series.lr[names[0] as string] ?? [],
    }),
  );
  const implied: Line[] = expected
    ? [{ label: "expected", values: expected, color: "muted", width: 4, dash: [1, 5] }]
    : [];
  return [...implied, ...logged];
}

function warmUp({ warmup }: Schedule): Band[] {
  return warmup ? [{ span: warmup, label: "warm-up", color: "info" }] : [];
}

/** Two digits at any size: 0.01, 0.00042, 1.2e-5. */
const rate: Format = (value) => {
  if (value == null) return MISSING;
  return value !== 0 && Math.abs(value) < 1e-4
    ? value.toExponential(1)
    : String(Number(value.toPrecision(3)));
};
