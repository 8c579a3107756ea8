import type { ComponentChildren } from "preact";
import { Card } from "../components/card";
import { type Column, ItemTable } from "../components/item_table";
import { MISSING, signed } from "../format";
import type { Trend } from "../schema";
import { capital, groupWord, lossWord, metricWord } from "../words";
import type { Panel, PanelProps } from "./panel";

export const course: Panel = { id: "course", place: "side", Content: Course };

/** How losses and metrics went, in sentences and as slopes of the last quarter. */
function Course({ run }: PanelProps) {
  const { course, trends, axis } = run;
  if (course.length + trends.length === 0) return null;
  return (
    <Card id="course" title="Course">
      {course.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {trends.length > 0 && (
        <ItemTable
          label="Slopes of the last quarter"
          kind="statistics plain"
          caption={`Slope of the last quarter, per 10 ${axis}s with 90 % interval`}
          columns={COLUMNS}
          items={trends}
          keyOf={trendName}
        />
      )}
    </Card>
  );
}

const SAID: Record<Trend["said"], ComponentChildren> = {
  improving: <span class="level ok">▲ improving</span>,
  worsening: <span class="level warning">▼ worsening</span>,
  level: "level",
};

function trendName({ group, name }: Trend): string {
  if (group === "train" || group === "val") return `${capital(group)} ${lossWord(name)}`;
  return group === "box" ? metricWord(name) : `${groupWord(group)} ${metricWord(name)}`;
}

/** The digits that the interval of a slope needs, so that none that is not level reads as zero. */
function slope(value: number | null, { per_ten_interval }: Trend): string {
  const small = per_ten_interval.every((end) => Math.abs(end ?? SMALL) < SMALL);
  return value === null ? MISSING : signed(value, small ? 5 : 3);
}

const SMALL = 0.01;

const COLUMNS: readonly Column<Trend>[] = [
  { title: "value", cell: trendName },
  { title: "slope", numeric: true, cell: (trend) => slope(trend.per_ten, trend) },
  {
    title: "interval",
    numeric: true,
    cell: (trend) => trend.per_ten_interval.map((end) => slope(end, trend)).join(" to "),
  },
  { title: "trend", numeric: true, cell: ({ said }) => SAID[said] },
];
