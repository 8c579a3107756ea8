import { ChartCard } from "../charts/chart_card";
import type { Line, Mark, Picture } from "../charts/picture";
import { Fact } from "../components/fact";
import { Nothing } from "../components/nothing";
import { count, duration, rough } from "../format";
import type { DetailedRun, Pace } from "../schema";
import type { View } from "../view";
import type { Panel, PanelProps } from "./panel";
import { runPicture } from "./run_picture";

export const speed: Panel = { id: "speed", place: "charts", Content: Speed };

function Speed({ run, view }: PanelProps) {
  const title = `Seconds per ${run.axis}`;
  const { pace } = run;
  if (pace === null) {
    return (
      <Nothing
        id="speed"
        title={title}
        why="No time is recorded in this run's files. With Ultralytics, track(model) before the training records it."
      />
    );
  }
  return (
    <ChartCard
      id="speed"
      title={title}
      picture={picture(run, view, pace)}
      view={view}
      note={<Facts pace={pace} axis={run.axis} />}
    />
  );
}

function Facts({ pace, axis }: { pace: Pace; axis: string }) {
  const { median, total, left, images_per_second, slow } = pace;
  return (
    <dl class="phase-list">
      <Fact name={`median ${axis}`} value={duration(median)} />
      <Fact name="in all" value={duration(total)} />
      {left !== null && <Fact name="left until the planned end" value={duration(left)} />}
      {images_per_second !== null && (
        <Fact
          name="training images, validation time included"
          value={`${rough(images_per_second)}/s`}
        />
      )}
      {slow.length > 0 && <Fact name="slow" value={count(slow.length, axis)} />}
    </dl>
  );
}

function picture(run: DetailedRun, view: View, pace: Pace): Picture {
  return runPicture(run, view, {
    lines: lines(pace),
    marks: slowMarks(pace),
    better: "lower",
    zero: true,
    format: duration,
  });
}

function lines({ seconds, median }: Pace): Line[] {
  const typical = seconds.map(() => median);
  return [
    { label: "time", values: seconds, color: "metric-1", width: 1.5 },
    { label: "median", values: typical, color: "muted", width: 1.5, dash: [6, 4] },
  ];
}

/** More labels than these would hide each other. */
const MARKED = 8;

function slowMarks({ slow }: Pace): Mark[] {
  return slow
    .slice(0, MARKED)
    .map((epoch) => ({ epoch, label: `slow ${epoch}`, color: "warning" }));
}
