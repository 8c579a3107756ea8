import { Component, type ComponentChildren } from "preact";

interface Props {
  what: string;
  children: ComponentChildren;
}

/** Keeps an error in one part from blanking the rest; the next data or the button tries again. */
export class Boundary extends Component<Props, { message: string | null }> {
  override state: { message: string | null } = { message: null };

  override componentDidCatch(error: unknown): void {
    this.setState({ message: error instanceof Error ? error.message : String(error) });
  }

  override componentDidUpdate(previous: Props): void {
    if (this.state.message !== null && previous.children !== this.props.children) this.retry();
  }

  private readonly retry = () => this.setState({ message: null });

  override render({ what, children }: Props) {
    const { message } = this.state;
    if (message === null) return children;
    return (
      <div class="notice critical" role="alert">
        <span>
          {what} could not be drawn: {message}
        </span>
        <button type="button" onClick={this.retry}>
          Try again
        </button>
      </div>
    );
  }
}
