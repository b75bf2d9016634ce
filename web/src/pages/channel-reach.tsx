// Whether Kazi and the provider reach each other, in both directions.

import { CircleCheckIcon, CircleDashedIcon, CircleXIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/components/ui/button';
import { DialogFooter } from '@/components/ui/dialog';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { askProvider, useHealth, type Channel } from './channel-health';

const SIGNS = {
  good: <CircleCheckIcon className="size-5 shrink-0 text-primary-text" aria-hidden />,
  waiting: <CircleDashedIcon className="size-5 shrink-0 text-muted-foreground" aria-hidden />,
  bad: <CircleXIcon className="size-5 shrink-0 text-destructive-text" aria-hidden />,
};

function Line({ sign, title, children }: { sign: keyof typeof SIGNS; title: string; children: ReactNode }) {
  return (
    <li className="flex gap-3 border-b pb-4 last:border-0 last:pb-0">
      {SIGNS[sign]}
      <div className="grid min-w-0 gap-1">
        <p className="font-medium">{title}</p>
        <div className="text-sm break-words text-muted-foreground">{children}</div>
      </div>
    </li>
  );
}

export function Reach({ channel, onBack, onEnd }: { channel: Channel; onBack: () => void; onEnd: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { provider } = useHealth(channel);
  const check = useAct(() => askProvider(channel.id));
  const isWhatsApp = channel.kind === 'whatsapp';
  const works = channel.check_state === 'ok';
  const isDone = works && channel.first_event_at;
  return (
    <div className="grid gap-6">
      <h2 className="font-semibold">{t('channels.reachTitle')}</h2>
      <ul className="grid gap-4" aria-live="polite">
        <Line sign={works ? 'good' : channel.checked_at ? 'bad' : 'waiting'} title={t('channels.spoken', { provider })}>
          {works ? (
            <p>{t('channels.spokenOk', { time: format.moment(channel.checked_at) })}</p>
          ) : channel.checked_at ? (
            <p>
              {t(`channels.checks.${channel.check_state}`, { defaultValue: channel.check_state ?? '' })}
              {channel.check_detail && (
                <>
                  {': '}
                  <bdi>{channel.check_detail}</bdi>
                </>
              )}
            </p>
          ) : (
            <p>{t('channels.never')}</p>
          )}
          <Button
            variant="outline"
            size="sm"
            className="mt-2"
            disabled={check.isPending}
            onClick={() => check.mutate(undefined)}
          >
            {t('channels.check')}
          </Button>
        </Line>
        {isWhatsApp && (
          <Line
            sign={channel.webhook_verified_at || channel.first_event_at ? 'good' : 'waiting'}
            title={t('channels.verifiedTitle')}
          >
            {channel.webhook_verified_at
              ? format.moment(channel.webhook_verified_at)
              : t(channel.first_event_at ? 'channels.verifiedBefore' : 'channels.verifiedWait')}
          </Line>
        )}
        <Line sign={channel.first_event_at ? 'good' : 'waiting'} title={t('channels.firstEvent')}>
          {channel.first_event_at
            ? format.moment(channel.first_event_at)
            : t('channels.firstWait', { phone: `\u2068${channel.display_phone ?? channel.name}\u2069` })}
        </Line>
      </ul>
      {isDone && (
        <p role="status" className="rounded-md border border-primary p-4 text-sm font-medium">
          {t('channels.connected')}
        </p>
      )}
      <DialogFooter>
        <Button variant="outline" onClick={onBack}>
          {t('common.back')}
        </Button>
        <Button variant={isDone ? 'default' : 'outline'} onClick={onEnd}>
          {t(isDone ? 'channels.toChannel' : 'channels.later')}
        </Button>
      </DialogFooter>
    </div>
  );
}
