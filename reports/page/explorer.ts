// The part of the page's program that contains the machine. It is unpacked when a reader first explores or
// steps through a run. The same text runs as a script of the page and as the worker beside it.

import { serve } from './worker';

export { Bench } from './bench';

if (typeof document === 'undefined') serve(self as unknown as Parameters<typeof serve>[0]);
