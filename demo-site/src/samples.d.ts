declare module 'virtual:samples' {
  /** Code that the page shows: samples/extract.js. */
  export interface Sample {
    readonly language: string;
    readonly file: string;
    readonly code: string;
  }
  const samples: Readonly<Record<string, readonly Sample[]>>;
  export default samples;
}
