import { render } from "preact";
import { Announcements } from "./components/announcements";
import { Boundary } from "./components/boundary";
import { followHost } from "./host";
import { RunPage } from "./pages/run";
import { RunsPage } from "./pages/runs";
import { followAddress, openedRun } from "./place";

export function start(root: HTMLElement): void {
  document.documentElement.lang = "en";
  document.title = "RunLens";
  followHost();
  followAddress();
  render(<App />, root);
}

function App() {
  const run = openedRun.value;
  return (
    <>
      <Boundary key={run} what="This page">
        {run === null ? <RunsPage /> : <RunPage name={run} />}
      </Boundary>
      <Announcements />
    </>
  );
}
