// Where the best is by other definitions than RunLens' own.

import { Scroll } from "../components/scroll";
import { confidence, metric } from "../format";
import type { OtherDefinition } from "../schema";

export function Definitions({ definitions }: { definitions: readonly OtherDefinition[] }) {
  if (definitions.length === 0) return null;
  return (
    <details class="more">
      <summary>The best by other definitions</summary>
      <Scroll label="The best by other definitions">
        <table class="numbers definitions">
          <thead>
            <tr>
              <th scope="col">definition</th>
              <th scope="col" class="numeric">
                confidence
              </th>
              <th scope="col" class="numeric">
                F1
              </th>
              <th scope="col" class="numeric">
                precision
              </th>
              <th scope="col" class="numeric">
                recall
              </th>
            </tr>
          </thead>
          <tbody>
            {definitions.map((one) => (
              <tr key={one.key}>
                <th scope="row">{one.text}</th>
                <td class="numeric">{confidence(one.confidence)}</td>
                <td class="numeric">{metric(one.f1)}</td>
                <td class="numeric">{metric(one.precision)}</td>
                <td class="numeric">{metric(one.recall)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  );
}
