/**
 * The code of an invitation in an address. The link of the letter has it behind the `#`: browsers send that part to no
 * server.
 */
export const invitationIn = (hash: string) => /^invitation=([0-9a-f]+)$/.exec(hash)?.[1];
