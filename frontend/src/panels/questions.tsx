import { LevelMark } from "../components/verdict";
import { go, openRuns } from "../place";
import type { Question } from "../schema";
import type { Level } from "../words";
import type { Panel, PanelProps } from "./panel";

export const questions: Panel = { id: "questions", place: "charts", Content: Questions };

/** The tab that proves each answer. */
const PROOF: Record<Question["id"], { tab: string; title: string }> = {
  learning: { tab: "losses", title: "Losses" },
  overfitting: { tab: "losses", title: "Losses" },
  threshold: { tab: "threshold", title: "Threshold" },
  classes: { tab: "classes", title: "Classes" },
  going_on: { tab: "losses", title: "Losses" },
  others: { tab: "", title: "Runs" },
};

/** The six questions to ask of every training, each with its answer in a sentence. */
function Questions({ run }: PanelProps) {
  return (
    <section class="card" aria-labelledby="questions-title">
      <h2 id="questions-title" class="unseen">
        Questions
      </h2>
      <dl class="questions">
        {run.questions.map(({ id, question, answer, level }) => (
          <div key={id} class="question">
            <dt>
              <LevelMark level={levelOf(level)} word={question} />
            </dt>
            <dd>{answer}</dd>
            <dd>
              <Proof id={id} question={question} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Proof({ id, question }: Pick<Question, "id" | "question">) {
  const { tab, title } = PROOF[id];
  return (
    <button
      type="button"
      class="link"
      aria-label={`${title}: ${question}`}
      onClick={() => (tab ? go({ tab }, "push") : openRuns())}
    >
      {title} →
    </button>
  );
}

/** What is unknown looks like a run without a verdict. */
function levelOf(level: Question["level"]): Level {
  return level === "unknown" ? "no_verdict" : level;
}
