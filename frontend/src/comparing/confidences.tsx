// F1 by confidence and precision by recall, of the runs that have recorded their curves.

import { useMemo } from "preact/hooks";
import { ChartCard } from "../charts/chart_card";
import type { Line, Picture } from "../charts/picture";
import { confidence, metric } from "../format";
import type { Curve } from "../schema";
import { createView } from "../view";
import type { Contender } from "./contender";

interface Drawn {
  one: Contender;
  curve: Curve;
}

export function Confidences({ all }: { all: readonly Contender[] }) {
  const views = useMemo(() => [createView(), createView()] as const, []);
  const drawn = all.flatMap((one) => {
    const curve = one.run && curveOf(one.run);
    return curve ? [{ one, curve }] : [];
  });
  const read = all.filter(({ run }) => run);
  if (drawn.length === 0) return null;
  const others = read.filter((one) => !drawn.some((other) => other.one === one));
  const note = others.length > 0 && (
    <p class="muted">
      {`Curves of ${others.map(({ short }) => short).join(", ")} are not recorded; track(model) records them.`}
    </p>
  );
  const of = drawn.map(({ one }) => one.short).join(", ");
  return (
    <>
      <ChartCard
        id="f1-curves"
        title="F1 by confidence"
        of={of}
        picture={byConfidence(drawn)}
        view={views[0]}
        note={note}
      />
      <ChartCard
        id="pr-curves"
        title="Precision by recall"
        of={of}
        picture={byRecall(drawn)}
        view={views[1]}
        note={note}
      />
    </>
  );
}

function curveOf({ curves, main_metric: main }: NonNullable<Contender["run"]>): Curve | undefined {
  return curves[main?.group ?? ""] ?? Object.values(curves)[0];
}

const SHARED = {
  gap: false,
  bands: [],
  spotlight: null,
  better: "higher",
  format: metric,
} as const;

function byConfidence(drawn: readonly Drawn[]): Picture {
  const lines = drawn.map((one) => line(one, one.curve.confidence, one.curve.f1));
  return {
    ...SHARED,
    axis: "confidence",
    axisFormat: confidence,
    epochs: positions(lines),
    lines,
    marks: drawn.flatMap(({ one, curve: { optimum } }) =>
      optimum
        ? [
            {
              epoch: optimum.confidence,
              label: `${one.short} ${confidence(optimum.confidence)}`,
              color: one.color,
            },
          ]
        : [],
    ),
  };
}

/** From low recall, at high confidence, to high. */
function byRecall(drawn: readonly Drawn[]): Picture {
  const lines = drawn.map((one) => {
    const { precision, recall } = one.curve;
    const points = recall.map((at, row) => ({ at, value: precision[row] ?? null }));
    const rising = points.filter(({ at }) => at > 0).sort((a, b) => a.at - b.at);
    return line(
      one,
      rising.map(({ at }) => at),
      rising.map(({ value }) => value),
    );
  });
  return {
    ...SHARED,
    axis: "recall",
    axisFormat: metric,
    epochs: positions(lines),
    lines,
    marks: [],
  };
}

function line({ one }: Drawn, at: readonly number[], values: Line["values"]): Line {
  const { short: label, color, dash } = one;
  return { label, at, values, color, width: 2, ...(dash ? { dash } : {}) };
}

function positions(lines: readonly Line[]): number[] {
  return [...new Set(lines.flatMap(({ at = [] }) => at))].sort((a, b) => a - b);
}
