import { render } from "preact";
import { Announcements } from "./components/announcements";
import { Boundary } from "./components/boundary";
import { Help } from "./components/help";
import { followHost } from "./host";
import { followKeys } from "./keys";
import { ComparePage } from "./pages/compare";
import { RunPage } from "./pages/run";
import { RunsPage } from "./pages/runs";
import { compared, followAddress, openedRun } from "./place";

export function start(root: HTMLElement): void {
  document.documentElement.lang = "en";
  document.title = "RunLens";
  followHost();
  followAddress();
  followKeys();
  render(<App />, root);
}

function App() {
  return (
    <>
      <Page />
      <Help />
      <Announcements />
    </>
  );
}

function Page() {
  const run = openedRun.value;
  const runs = compared.value;
  return (
    <Boundary key={run ?? runs?.join("\n") ?? ""} what="This page">
      {run !== null ? (
        <RunPage name={run} />
      ) : runs !== null ? (
        <ComparePage names={runs} />
      ) : (
        <RunsPage />
      )}
    </Boundary>
  );
}
