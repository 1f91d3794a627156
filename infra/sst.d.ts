// What sst.config.ts uses of SST 4.17, written down by hand, so that `npm run check` can check it without SST's platform: that comes by `sst install`
// (320 MB), is in no package and not in the repository. These few types can be wrong where SST's own are right: `npm run check:sst` checks against
// those, and never sees this file.

declare const $dev: boolean;
declare const $app: { name: string; stage: string };

interface SstOutput<T> {
  apply<U>(use: (value: T) => U): SstOutput<U>;
}
declare function $output<T>(value: T | SstOutput<T>): SstOutput<T>;
declare function $resolve<A, B>(outputs: [A, B]): SstOutput<[Resolved<A>, Resolved<B>]>;
type Resolved<T> = T extends SstOutput<infer U> ? U : T;

declare function $config(config: {
  app(input: { stage: string }): {
    name: string;
    home: "aws";
    removal: "remove" | "retain" | "retain-all";
    protect: boolean;
    providers: { aws: { defaultTags: { tags: Record<string, string> } } };
  };
  run(): Promise<Record<string, unknown>>;
}): unknown;

declare namespace aws {
  class Provider {
    constructor(name: string, settings: { region: "us-east-1" });
  }
  namespace cloudformation {
    function getStackOutput(
      query: { name: string },
      options?: { provider: Provider },
    ): { outputs: SstOutput<Record<string, string>> };
  }
  namespace secretsmanager {
    function getSecretVersionOutput(query: { secretId: SstOutput<string> }): { secretString: SstOutput<string> };
  }
}

declare namespace sst {
  class Linkable {
    constructor(name: string, settings: { properties: Record<string, unknown> });
  }
  namespace aws {
    type Cdn = { defaultCacheBehavior: object | SstOutput<object>; webAclArn?: SstOutput<string> };
    class Router {
      constructor(
        name: string,
        settings: {
          domain?: string;
          edge: { viewerRequest: { injection: SstOutput<string> } };
          transform: { cdn(cdn: Cdn): void };
        },
      );
      url: SstOutput<string>;
      route(pattern: string, url: SstOutput<string>, settings?: { rewrite: { regex: string; to: string } }): void;
    }
    class StaticSite {
      constructor(
        name: string,
        settings: { path: string; build: { command: string; output: string }; router: { instance: Router } },
      );
    }
  }
  namespace x {
    class DevCommand {
      constructor(name: string, settings: { dev: { command: string } });
    }
  }
}
