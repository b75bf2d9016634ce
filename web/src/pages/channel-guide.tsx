// What a person does in the provider's console, line by line.

import { useTranslation } from 'react-i18next';

const CONSOLES: Record<string, { name: string; url: string }> = {
  whatsapp: { name: 'developers.facebook.com/apps', url: 'https://developers.facebook.com/apps' },
  greenapi: { name: 'console.green-api.com', url: 'https://console.green-api.com' },
};

export function Guide({ kind, part }: { kind: string; part: 'access' | 'webhook' }) {
  const { t } = useTranslation();
  const lines = t(`channels.guides.${kind}.${part}`, { returnObjects: true, defaultValue: [] }) as string[];
  const site = CONSOLES[kind];
  return (
    <div className="grid gap-2 rounded-md bg-muted p-4 text-sm">
      {site && (
        <p>
          {t('channels.console')}{' '}
          <a href={site.url} target="_blank" rel="noreferrer" className="underline" dir="ltr">
            {site.name}
          </a>
        </p>
      )}
      <ol className="grid list-decimal gap-1.5 ps-5">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ol>
    </div>
  );
}
