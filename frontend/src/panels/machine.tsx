import { useEffect, useState } from "preact/hooks";
import { ChartCard } from "../charts/chart_card";
import type { Line, Picture, Values } from "../charts/picture";
import { Choice } from "../components/choice";
import { Nothing } from "../components/nothing";
import { count, duration, type Format, MISSING, percent, rough } from "../format";
import type { DetailedRun } from "../schema";
import { shownFinding, type View } from "../view";
import { capital, MACHINE_RULES } from "../words";
import type { Panel, PanelProps } from "./panel";
import { runPicture } from "./run_picture";

export const machine: Panel = { id: "machine", place: "charts", Content: Machine };

const TITLE = "Speed and machine";

type Recorded = DetailedRun["series"]["machine"];
export type Style = Pick<Line, "color" | "dash" | "width" | "textColor">;

const FIRST: Style = { color: "metric-1", width: 2 };
const SECOND: Style = { color: "metric-2", width: 1.5, dash: [8, 3] };
const THIRD: Style = { color: "metric-3", width: 1.5, dash: [2, 3] };
const FOURTH: Style = { color: "metric-4", width: 1.5, dash: [8, 3, 2, 3] };
export const STYLES: readonly Style[] = [FIRST, SECOND, THIRD, FOURTH];

/** One of the charts: what it draws of the recording, by label. */
interface Chart {
  id: string;
  text: string;
  note: string;
  better: Picture["better"];
  zero?: boolean;
  format: Format;
  /** Values are divided by it: bytes are shown as GB, shares in percent. */
  unit?: number;
  lines: Record<string, string>;
}

const GB = 1e9;
const PERCENT = 0.01;

const CHARTS: readonly Chart[] = [
  {
    id: "time",
    text: "Time",
    note: "Waiting for training images, computing on them, and the rest of the epoch.",
    better: "lower",
    zero: true,
    format: duration,
    lines: {
      data_seconds: "waiting",
      compute_seconds: "computing",
      other_seconds: "val, saving",
    },
  },
  {
    id: "speed",
    text: "Images/s",
    note: "Training images of all processes, over waiting and computing.",
    better: "higher",
    format: rough,
    lines: { images_per_second: "images/s" },
  },
  {
    id: "use",
    text: "Use",
    note: "Waiting for images is a share of waiting and computing.",
    better: "higher",
    format: share,
    unit: PERCENT,
    lines: { gpu_utilisation: "GPU busy", wait_share: "waiting" },
  },
  {
    id: "memory",
    text: "Memory",
    note: "RAM is that of the training process.",
    better: "lower",
    zero: true,
    format: gigabytes,
    unit: GB,
    lines: {
      memory_peak: "GPU peak",
      memory_reserved: "GPU held",
      gpu_memory_used: "GPU in use",
      rss_bytes: "RAM",
    },
  },
  {
    id: "heat",
    text: "Heat",
    note: "Means over the epoch.",
    better: "lower",
    format: rough,
    lines: { gpu_temperature_celsius: "GPU °C", gpu_power_watts: "GPU W" },
  },
  {
    id: "gradients",
    text: "Gradients",
    note: "Norm of all gradients before clipping, over the steps of an epoch.",
    better: "lower",
    zero: true,
    format: rough,
    lines: { gradient_p50: "median norm", gradient_p95: "95 % below" },
  },
  {
    id: "updates",
    text: "Updates",
    note: "Median size of an update over the size of the weights, by parameter group.",
    better: "lower",
    zero: true,
    format: rough,
    lines: {
      update_ratio_pg0: "group 0",
      update_ratio_pg1: "group 1",
      update_ratio_pg2: "group 2",
      update_ratio_pg3: "group 3",
    },
  },
];

function Machine({ run, view }: PanelProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const rule = shownFinding(run, view)?.rule ?? "";
  useEffect(() => setChosen(null), [rule]);
  const known = CHARTS.filter((chart) => linesOf(run.series.machine, chart).length > 0);
  const wish = chosen ?? MACHINE_RULES[rule];
  const chart = known.find(({ id }) => id === wish) ?? known[0];
  if (!chart) {
    return (
      <Nothing
        id="machine"
        title={TITLE}
        why="Nothing is recorded of waiting for images, memory, the GPU and gradients. With Ultralytics, track(model) before the training records it."
      />
    );
  }
  return (
    <ChartCard
      id="machine"
      title={TITLE}
      picture={picture(run, view, chart)}
      view={view}
      note={<Note chart={chart} values={run.series.machine} />}
    >
      {known.length > 1 && (
        <Choice
          label="Quantity of the machine"
          options={known.map(({ id, text }) => ({ value: id, text }))}
          value={chart.id}
          choose={setChosen}
        />
      )}
    </ChartCard>
  );
}

function picture(run: DetailedRun, view: View, chart: Chart): Picture {
  return runPicture(run, view, {
    lines: linesOf(run.series.machine, chart),
    better: chart.better,
    zero: chart.zero ?? false,
    format: chart.format,
  });
}

/** The lines of a chart that the recording has, each with a style of its own. */
function linesOf(values: Recorded, { lines, unit = 1 }: Chart): Line[] {
  return Object.entries(lines).flatMap(([name, label], position) => {
    const found: Values | undefined = values[name];
    if (!found) return [];
    const scaled = found.map((value) => (value === null ? null : value / unit));
    return [{ ...(STYLES[position] ?? FOURTH), label, values: scaled }];
  });
}

const EVENTS: Record<string, [string, string]> = {
  out_of_memory_retries: [
    "repeat after running out of memory",
    "repeats after running out of memory",
  ],
  nan_recoveries: ["epoch repeated after NaN", "epochs repeated after NaN"],
  amp_skipped_steps: ["step skipped by mixed precision", "steps skipped by mixed precision"],
};

/** What is drawn, and what happened now and then, over all epochs; nothing is said of what never happened. */
function Note({ chart, values }: { chart: Chart; values: Recorded }) {
  const said = Object.entries(EVENTS).flatMap(([name, words]) => {
    const times = (values[name] ?? []).reduce<number>((sum, value) => sum + (value ?? 0), 0);
    return times > 0 ? [count(times, ...words)] : [];
  });
  return <p class="muted">{[chart.note, ...said.map((one) => `${capital(one)}.`)].join(" ")}</p>;
}

function share(value: number | null | undefined): string {
  return value == null ? MISSING : percent(value * PERCENT);
}

function gigabytes(value: number | null | undefined): string {
  return value == null ? MISSING : `${value.toFixed(1)} GB`;
}
