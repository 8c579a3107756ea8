import type { Problem } from "../schema";

/** Where something could not be read as it stands, and why. */
export function ProblemList({ problems }: { problems: readonly Problem[] }) {
  return (
    <ul class="problems">
      {problems.map(({ file, line, kind, problem }) => (
        <li key={`${file} ${line} ${kind}`}>
          <bdi class="path">
            {file}
            {line !== null && `:${line}`}
          </bdi>{" "}
          {problem}
        </li>
      ))}
    </ul>
  );
}
