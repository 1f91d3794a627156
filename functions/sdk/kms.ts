// What is used of KMS: loaded when it is first needed, from a bundle of its own (scripts/build-functions.ts).
export { DecryptCommand, EncryptCommand, KMSClient } from "@aws-sdk/client-kms";
