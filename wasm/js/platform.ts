// The platform's types that the package's declarations name: those of the program's own `lib`, and where it has none, as in
// a program for Node without types, as much of them as is needed.

type Platform = typeof globalThis;

export type PlatformUrl = Platform extends { URL: { prototype: infer T } } ? T : { readonly href: string };

export type PlatformAbortSignal = Platform extends { AbortSignal: { prototype: infer T } }
  ? T
  : {
      readonly aborted: boolean;
      addEventListener(type: 'abort', listener: () => void): void;
      removeEventListener(type: 'abort', listener: () => void): void;
    };

export type PlatformResponse = Platform extends { Response: { prototype: infer T } }
  ? T
  : { readonly ok: boolean; readonly url: string; arrayBuffer(): Promise<ArrayBuffer> };

export type PlatformModule = Platform extends { WebAssembly: { Module: { prototype: infer T } } } ? T : object;

export type PlatformEventTarget = Platform extends { EventTarget: { prototype: infer T } }
  ? T
  : {
      addEventListener(type: string, listener: (event: { readonly type: string }) => void): void;
      removeEventListener(type: string, listener: (event: { readonly type: string }) => void): void;
    };

/** What ReconnectingConnection is built on. */
export const EventTargetBase = EventTarget as new () => PlatformEventTarget;
