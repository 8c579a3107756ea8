import { Card } from "../components/card";
import { Copyable } from "../components/copy";
import type { MissingPictures } from "../schema";

/** What is not there, when it comes, and the line that makes it. */
export function Missing({ missing }: { missing: readonly MissingPictures[] }) {
  if (missing.length === 0) return null;
  return (
    <Card id="missing-pictures" title="Not in this run" kind="missing-pictures">
      <dl class="listed consequences">
        {missing.map(({ what, why, line }) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>
              {why} {line && <Copyable text={line} label="line" />}
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
