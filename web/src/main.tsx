import './styles.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Direction } from 'radix-ui';
import { StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { useTranslation } from 'react-i18next';
import { Toaster } from 'sonner';
import { ApiError, resume, useSession } from './api/client';
import { direction, startTexts } from './lib/i18n';
import { startTheme, useTheme } from './lib/theme';
import { makeRouter } from './router';

const RETRIES = 2;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A refusal stays one. Only a server that is busy or away may answer another time.
      retry: (count, error) => count < RETRIES && !(error instanceof ApiError && error.status < 500),
    },
  },
});
const router = makeRouter(queries);

function App() {
  const { i18n } = useTranslation();
  const theme = useTheme();
  const isLoggedIn = useSession() !== null;
  useEffect(() => {
    // The session can end under any page: what it has shown must not stay.
    if (!isLoggedIn) queries.clear();
    void router.invalidate();
  }, [isLoggedIn]);
  return (
    <Direction.Provider dir={direction(i18n.language)}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
        <Toaster
          theme={theme === 'contrast' ? 'light' : theme}
          dir={direction(i18n.language)}
          position="bottom-right"
          closeButton
          richColors
        />
      </QueryClientProvider>
    </Direction.Provider>
  );
}

startTheme();
await Promise.all([startTexts(), resume()]);
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
