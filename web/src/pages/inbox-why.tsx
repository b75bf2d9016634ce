// Why the bot has answered so: the calls of models behind a message.

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '@/api/client';
import { Failed, Loading } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Dialog, DialogContent, DialogDescription, DialogTitle } from '@/components/ui/dialog';
import { useFormat } from '@/lib/format';
import { useWorkspaceId } from '@/lib/queries';
import { Call } from './ai-call';

function Calls({ message }: { message: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const workspace = useWorkspaceId();
  const [chosen, setChosen] = useState<string | null>(null);
  const query = useQuery({
    queryKey: [workspace, 'message-calls', message],
    queryFn: () => answer(api.GET('/api/v1/messages/{id}/calls', { params: { path: { id: message } } })),
  });
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (query.isPending) return <Loading />;
  const calls = query.data.items;
  // The last call wrote the answer.
  const shown = chosen ?? calls.at(-1)?.id;
  if (!shown) return <DialogDescription>{t('inbox.whyNoCall')}</DialogDescription>;
  return (
    <>
      {calls.length > 1 && (
        <>
          <DialogDescription>{t('inbox.whyCalls', { number: format.number(calls.length) })}</DialogDescription>
          <div role="group" aria-label={t('aiCosts.calls')} className="flex flex-wrap gap-2">
            {calls.map((one, index) => (
              <Button
                key={one.id}
                size="sm"
                variant={one.id === shown ? 'secondary' : 'ghost'}
                aria-pressed={one.id === shown}
                onClick={() => setChosen(one.id)}
              >
                {t('inbox.whyCall', { number: format.number(index + 1) })}
              </Button>
            ))}
          </div>
        </>
      )}
      <Call id={shown} />
    </>
  );
}

export function WhyDialog({ message, onClose }: { message: string; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent className="sm:max-w-2xl" aria-describedby={undefined}>
        <DialogTitle>{t('inbox.why')}</DialogTitle>
        <Calls message={message} />
      </DialogContent>
    </Dialog>
  );
}
