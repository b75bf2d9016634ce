// What several pages know of tickets.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api, LARGEST, type Schemas } from '@/api/client';
import { useLive } from './live';
import { useWorkspaceId } from './queries';

type Message = Schemas['TicketMessage'];

/** From the first to be answered to the last. */
export const PRIORITIES: Schemas['Ticket']['priority'][] = ['urgent', 'high', 'normal', 'low'];

/** The stream of events does not tell notes, nor what comes by the API. */
const QUIET_MS = 15_000;
const FILE_MS = 3_000;

/** What stands on full pages, which get no more, and on the last one. */
interface Read {
  full: Message[];
  last: Message[];
  cursor?: string;
}

const inOrder = ({ full, last }: Read) => [...full, ...last];

/** The messages with the oldest first. Each look reads only the last page, and those after it. */
export function useTicketMessages(id: string, conversation: string | null | undefined) {
  const workspace = useWorkspaceId();
  const queries = useQueryClient();
  const queryKey = [workspace, 'ticket-messages', id];
  const query = useQuery({
    queryKey,
    queryFn: async (): Promise<Read> => {
      let { full, cursor }: Omit<Read, 'last'> = queries.getQueryData<Read>(queryKey) ?? { full: [] };
      for (;;) {
        const { items, next_cursor } = await answer(
          api.GET('/api/v1/support/tickets/{id}/messages', {
            params: { path: { id }, query: { limit: LARGEST, cursor } },
          }),
        );
        if (!next_cursor) return { full, last: items, cursor };
        full = [...full, ...items];
        cursor = next_cursor;
      }
    },
    select: inOrder,
    refetchInterval: ({ state: { data } }) =>
      data?.last.some((one) => one.media.some((media) => media.state === 'fetching')) ? FILE_MS : QUIET_MS,
  });
  // What is said in the chat is told of the conversation, not of the ticket.
  useLive(conversation ?? '', query.refetch);
  return query;
}
