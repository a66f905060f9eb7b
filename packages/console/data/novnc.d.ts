/** The part of noVNC 1.7 that the console uses; the package has no types of its own. */
declare module "@novnc/novnc" {
  interface RfbEvents {
    readonly connect: CustomEvent<object>;
    readonly disconnect: CustomEvent<{ readonly clean: boolean }>;
    readonly credentialsrequired: CustomEvent<{ readonly types: readonly string[] }>;
  }
  export default class RFB {
    constructor(target: HTMLElement, channel: WebSocket | string, options?: object);
    scaleViewport: boolean;
    resizeSession: boolean;
    viewOnly: boolean;
    focusOnClick: boolean;
    background: string;
    disconnect(): void;
    focus(): void;
    sendCredentials(credentials: { readonly password: string }): void;
    sendCtrlAltDel(): void;
    sendKey(keysym: number, code: string | null, down?: boolean): void;
    clipboardPasteFrom(text: string): void;
    toDataURL(type?: string): string;
    addEventListener<N extends keyof RfbEvents>(
      name: N,
      heard: (event: RfbEvents[N]) => void,
    ): void;
  }
}
