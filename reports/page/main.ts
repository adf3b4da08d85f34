// Where the page's program begins.
export {};
