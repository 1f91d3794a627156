// Media on S3. The SDK is imported when the first object is asked for: most requests need none.
import type { GetObjectCommandOutput, ListObjectsV2CommandOutput, S3Client, S3ClientConfig } from "@aws-sdk/client-s3";
import type { Media } from "./media.ts";

const late = () => import("../sdk/s3.ts");

/** `encrypted`: objects are encrypted with the bucket's own key, as its default says; nothing is asked for here. */
export function s3Media(bucket: string, config: S3ClientConfig): Media {
  let made: Promise<S3Client> | undefined;
  const client = (): Promise<S3Client> => {
    // a checksum that nobody asked for would be signed into URLs, which are then good for one body alone
    made ??= late().then(({ S3Client }) => new S3Client({ requestChecksumCalculation: "WHEN_REQUIRED", ...config }));
    return made;
  };
  const presigner = async () => (await late()).getSignedUrl;

  return {
    async put(key, bytes, contentType) {
      const { PutObjectCommand } = await late();
      await (await client()).send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ContentType: contentType }),
      );
    },
    async get(key, most) {
      const { GetObjectCommand } = await late();
      const range = most === undefined ? {} : { Range: `bytes=0-${most - 1}` };
      const found = await orNothing<GetObjectCommandOutput>(
        (await client()).send(new GetObjectCommand({ Bucket: bucket, Key: key, ...range })),
      );
      return found?.Body?.transformToByteArray();
    },
    async head(key) {
      const { HeadObjectCommand } = await late();
      const found = await orNothing((await client()).send(new HeadObjectCommand({ Bucket: bucket, Key: key })));
      return found && { bytes: found.ContentLength ?? 0, contentType: found.ContentType ?? "" };
    },
    async remove(key) {
      const { DeleteObjectCommand } = await late();
      await (await client()).send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },
    async *list(prefix) {
      const { ListObjectsV2Command } = await late();
      for (let after: string | undefined; ; ) {
        const page: ListObjectsV2CommandOutput = await (await client()).send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: after }),
        );
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
        after = page.NextContinuationToken;
        if (after === undefined) return;
      }
    },
    async downloadUrl(key, seconds) {
      const [{ GetObjectCommand }, sign] = await Promise.all([late(), presigner()]);
      return sign(await client(), new GetObjectCommand({ Bucket: bucket, Key: key }), { expiresIn: seconds });
    },
    async uploadUrl(key, { bytes, sha256, contentType }, seconds) {
      const [{ PutObjectCommand }, sign] = await Promise.all([late(), presigner()]);
      const checksum = Buffer.from(sha256, "hex").toString("base64");
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        ContentLength: bytes,
        ContentType: contentType,
        ChecksumSHA256: checksum,
      });
      // in headers, not in the query: S3 compares what it received with them
      const kept = new Set(["content-type", "content-length", "x-amz-checksum-sha256"]);
      const url = await sign(await client(), command, {
        expiresIn: seconds,
        signableHeaders: kept,
        unhoistableHeaders: new Set(["x-amz-checksum-sha256"]),
      });
      return { url, headers: { "content-type": contentType, "x-amz-checksum-sha256": checksum } };
    },
  };
}

/** What S3 answers, or undefined where it has no such object. */
async function orNothing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    if (name === "NoSuchKey" || name === "NotFound") return undefined;
    throw error;
  }
}
