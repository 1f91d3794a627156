// Imported before all schemas: zod tries at each definition whether it may use eval. The page's Content-Security-Policy forbids it, and the try alone
// would be reported.
import { config } from "zod";

config({ jitless: true });
