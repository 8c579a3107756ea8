// Where the best is by other definitions than RunLens' own.

import { type Column, ItemTable } from "../components/item_table";
import { confidence, metric } from "../format";
import type { OtherDefinition } from "../schema";

export function Definitions({ definitions }: { definitions: readonly OtherDefinition[] }) {
  if (definitions.length === 0) return null;
  return (
    <details class="more">
      <summary>The best by other definitions</summary>
      <ItemTable
        label="The best by other definitions"
        columns={COLUMNS}
        items={definitions}
        keyOf={({ key }) => key}
      />
    </details>
  );
}

const COLUMNS: readonly Column<OtherDefinition>[] = [
  { title: "definition", cell: ({ text }) => text },
  { title: "confidence", numeric: true, cell: (one) => confidence(one.confidence) },
  { title: "F1", numeric: true, cell: ({ f1 }) => metric(f1) },
  { title: "precision", numeric: true, cell: ({ precision }) => metric(precision) },
  { title: "recall", numeric: true, cell: ({ recall }) => metric(recall) },
];
