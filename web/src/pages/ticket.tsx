import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { SendIcon, StickyNoteIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '@/api/client';
import { Confirm } from '@/components/confirm';
import { AttachButton, Attached, DropHint, useDrop, useFiles } from '@/components/attach';
import { ContactName } from '@/components/contact-name';
import { Field } from '@/components/field';
import { MessageFile } from '@/components/message-file';
import { PageHead } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { Failed, Loading, useReason } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Textarea } from '@/components/ui/input';
import { Skeleton } from '@/components/ui/skeleton';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { membersQuery, sameId, useIs, useWorkspaceId } from '@/lib/queries';
import { useTicketMessages } from '@/lib/ticket';
import { useUploads } from '@/lib/upload';
import { cn } from '@/lib/utils';

/** The stream of events does not tell assignees. */
const ASSIGNEE_MS = 30_000;
const MOST_FILES = 5;

export function Ticket() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/app/tickets/$id' });
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('agent');
  const [text, setText] = useState('');
  const [isNote, setNote] = useState(false);
  const [files, setFiles] = useState<File[]>([]);
  const [fault, setFault] = useState('');
  const attached = useFiles(files, setFiles, MOST_FILES);
  const reason = useReason();
  const params = { path: { id } };
  const members = useQuery(membersQuery(workspace)).data?.items;
  const query = useQuery({
    queryKey: [workspace, 'ticket', id],
    queryFn: () => answer(api.GET('/api/v1/support/tickets/{id}', { params })),
    refetchInterval: ASSIGNEE_MS,
  });
  const messages = useTicketMessages(id, query.data?.conversation_id);
  const { sending, stop, upload } = useUploads(query.data?.contact_id ?? '');
  const reply = useAct(async () => {
    setFault('');
    try {
      const media_ids = [];
      for (const file of files) {
        const stored = await upload(file);
        if (!stored) return;
        media_ids.push(stored.id);
      }
      const message = text.trim() || undefined;
      await api.POST('/api/v1/support/tickets/{id}/messages', {
        params,
        body: { message, media_ids, internal: isNote },
      });
      setText('');
      setFiles([]);
    } catch (error) {
      setFault(reason(error));
    }
  });
  const hold = useAct(() => api.POST('/api/v1/support/tickets/{id}/hold', { params }), t('common.done'));
  const resolve = useAct(() => api.POST('/api/v1/support/tickets/{id}/resolve', { params }), t('common.done'));
  const close = useAct(() => api.POST('/api/v1/support/tickets/{id}/close', { params }), t('common.done'));
  const reopen = useAct(() => api.POST('/api/v1/support/tickets/{id}/reopen', { params }), t('common.done'));
  const mayAnswer = maySave && (query.data?.status === 'open' || query.data?.status === 'pending');
  const drop = useDrop(mayAnswer && !reply.isPending ? attached.add : undefined);
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const ticket = query.data;
  const isActive = ticket.status === 'open' || ticket.status === 'pending';
  return (
    <>
      <PageHead
        title={ticket.subject}
        back={{ to: '/tickets', label: t('nav.tickets') }}
        badge={<StateBadge state={ticket.status} />}
      >
        {maySave && ticket.status === 'open' && (
          <Button variant="outline" disabled={hold.isPending} onClick={() => hold.mutate(undefined)}>
            {t('tickets.hold')}
          </Button>
        )}
        {maySave && ticket.status !== 'open' && (
          <Button
            variant={isActive ? 'outline' : 'default'}
            disabled={reopen.isPending}
            onClick={() => reopen.mutate(undefined)}
          >
            {t('tickets.reopen')}
          </Button>
        )}
        {maySave && ticket.status !== 'closed' && (
          <Confirm
            trigger={<Button variant="outline">{t('tickets.close')}</Button>}
            title={t('tickets.closeTitle')}
            text={t('tickets.closeText')}
            action={t('tickets.close')}
            onConfirm={() => close.mutateAsync(undefined)}
          />
        )}
        {maySave && isActive && (
          <Confirm
            trigger={<Button>{t('tickets.resolve')}</Button>}
            title={t('tickets.resolveTitle')}
            text={t('tickets.resolveText')}
            action={t('tickets.resolve')}
            onConfirm={() => resolve.mutateAsync(undefined)}
          />
        )}
      </PageHead>
      <Card className="relative max-w-4xl" {...drop.zone}>
        {drop.isOver && <DropHint />}
        <p className="mb-6 text-sm text-muted-foreground">
          <ContactName id={ticket.contact_id} link /> · {format.moment(ticket.created_at)}
        </p>
        {messages.isError ? (
          <Failed error={messages.error} retry={() => void messages.refetch()} />
        ) : messages.isPending ? (
          <Skeleton className="h-24" />
        ) : (
          <ol className="grid gap-3" aria-live="polite">
            {messages.data.map((one) => {
              const isTeam = one.author === 'team';
              return (
                <li
                  key={one.id}
                  className={cn(
                    'max-w-[85%] rounded-lg p-3 text-sm',
                    isTeam ? 'justify-self-end bg-accent' : 'justify-self-start bg-muted',
                    one.internal &&
                      'border border-amber-400 bg-amber-100 text-amber-950 dark:border-amber-700 dark:bg-amber-950 dark:text-amber-100',
                  )}
                >
                  {one.internal && <p className="text-xs font-semibold">{t('inbox.note')}</p>}
                  {one.media.map((media) => (
                    <MessageFile key={media.id} media={media} />
                  ))}
                  <p dir="auto" className="break-words whitespace-pre-wrap">
                    {one.body}
                  </p>
                  <p className={cn('mt-1 text-xs', !one.internal && 'text-muted-foreground')}>
                    {isTeam ? (
                      (members?.find((member) => sameId(member.id, one.author_id))?.name ?? t('tickets.team'))
                    ) : (
                      <ContactName id={ticket.contact_id} />
                    )}{' '}
                    · {format.moment(one.created_at)}
                  </p>
                </li>
              );
            })}
          </ol>
        )}
        {mayAnswer && (
          <form
            className={cn('mt-6 grid gap-3 border-t pt-4', isNote && 'bg-amber-50 dark:bg-amber-950/50')}
            onSubmit={(event) => {
              event.preventDefault();
              if ((text.trim() || files.length) && !reply.isPending) reply.mutate(undefined);
            }}
          >
            <Attached
              files={files}
              sending={sending}
              isLocked={reply.isPending}
              fault={attached.refusal || fault}
              onRemove={attached.remove}
              onStop={stop}
            />
            <Field
              label={isNote ? t('inbox.note') : t('tickets.answer')}
              hint={isNote ? t('inbox.noteHint') : t('tickets.answerHint')}
            >
              <Textarea
                dir="auto"
                maxLength={4000}
                value={text}
                readOnly={reply.isPending}
                onChange={(event) => setText(event.target.value)}
                onPaste={(event) => {
                  if (reply.isPending || !event.clipboardData.files.length) return;
                  event.preventDefault();
                  attached.add(event.clipboardData.files);
                }}
                onKeyDown={(event) => {
                  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
                    event.currentTarget.form?.requestSubmit();
                }}
              />
            </Field>
            <div className="flex flex-wrap items-center gap-2">
              <Button variant={isNote ? 'secondary' : 'ghost'} aria-pressed={isNote} onClick={() => setNote(!isNote)}>
                <StickyNoteIcon aria-hidden />
                {t('inbox.note')}
              </Button>
              <AttachButton disabled={reply.isPending} onFiles={attached.add} />
              <Button
                type="submit"
                className="ms-auto"
                disabled={(!text.trim() && files.length === 0) || reply.isPending}
              >
                <SendIcon className="rtl:rotate-180" aria-hidden />
                {isNote ? t('inbox.keepNote') : t('tickets.send')}
              </Button>
            </div>
          </form>
        )}
      </Card>
    </>
  );
}
