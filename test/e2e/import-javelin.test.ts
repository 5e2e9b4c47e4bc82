import { describe, expect, it } from 'vitest';
import { fromJavelin } from '../../src/import.ts';
import { Portkey } from '../../src/index.ts';
import { manualClock } from '../support/manual-clock.ts';
import { simulated } from '../support/simulated.ts';

// The routes stand as Javelin's page "Load Balancing" prints them.
const simulator = simulated();

const officialHosts: Readonly<Record<string, string>> = {
  'api.openai.com': 'openai',
  'generativelanguage.googleapis.com': 'google',
};

const redirected: typeof fetch = (input, init) => {
  const { hostname, pathname, search } = new URL(String(input));
  const base = new URL(simulator.baseUrl(officialHosts[hostname] ?? hostname));
  return fetch(`${base.origin}/${officialHosts[hostname]}${pathname}${search}`, init);
};

function client(document: unknown) {
  const clock = manualClock();
  const imported = fromJavelin(document);
  const environment = { OPENAI_API_KEY: 'sk-openai', GEMINI_API_KEY: 'g-key' };
  const portkey = new Portkey({
    environment,
    fetch: redirected,
    clock,
    random: () => 0,
    config: imported.route('eng_dept'),
  });
  const ask = () =>
    portkey.chat.completions.create({ model: 'any', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 5 }).then(
      (reply) => `${reply.getHeaders()?.['last-used-option-index']}`,
      (error) => `${error.status} ${error.headers?.['retry-after']}`,
    );
  return { ...imported, portkey, clock, ask };
}

const shaping = `{
    "routes": [
        {
            "name": "eng_dept",
            "type": "chat",
            "models": [
                {
                    "model": {
                        "name": "gpt-4-32k",
                        "provider": "openai",
                        "suffix": "/chat/completions",
                        "weight": 0.7,
                        "config": {
                            "rate_limit": 7
                        }
                    }
                },
                {
                    "model": {
                        "name": "gpt-4-32k",
                        "provider": "openai",
                        "suffix": "/chat/completions",
                        "weight": 0.3,
                        "config": {
                            "rate_limit": 7
                        }
                    }
                }
            ]
        }
    ]
}`;

const withFallback = `{
    "routes": [
        {
            "name": "eng_dept",
            "type": "chat",
            "models": [
                {
                    "model": {
                        "name": "gpt-3.5-turbo",
                        "provider": "openai",
                        "suffix": "/chat/completions",
                        "config": {
                            "rate_limit": 5
                        }
                    }
                },
                {
                    "model": {
                        "name": "chat-bison-001",
                        "provider": "googlebard",
                        "suffix": "/v1beta2/models/chat-bison-001",
                        "fallback":true,
                        "config": {
                            "rate_limit": 10
                        }
                    }
                }
            ]
        }
    ]
}`;

describe('Traffic Load Shaping', () => {
  it('70 to 30, the same model twice, each with its own rate', async () => {
    const { ask, warnings, types } = client(shaping);
    const answers = [];
    for (let call = 0; call < 10; call++) answers.push(await ask());
    expect(answers.filter((path) => path === 'config.targets[0]').length).toBe(7);
    expect(answers.filter((path) => path === 'config.targets[1]').length).toBe(3);
    expect(simulator.requests('openai').every(({ model, key }) => model === 'gpt-4-32k' && key === 'sk-openai')).toBe(
      true,
    );
    expect([warnings, types]).toEqual([[], { eng_dept: 'chat' }]);
  });

  it('no more than 7 a second to each', async () => {
    const { ask, clock } = client(shaping);
    const answers = await Promise.all(Array.from({ length: 20 }, ask));
    expect(simulator.requests('openai').length).toBe(14);
    expect(answers.filter((answer) => answer === '429 1').length).toBe(6);
    clock.advance(1000);
    expect(await ask()).toMatch(/config/);
  });
});

describe('LLM Fallback', () => {
  it('beyond five a second the second model answers, beyond its ten nobody', async () => {
    const { ask, warnings } = client(withFallback);
    const answers = await Promise.all(Array.from({ length: 16 }, ask));
    expect(simulator.requests('openai').length).toBe(5);
    expect(simulator.requests('google').map(({ model }) => model)).toEqual(Array(10).fill('chat-bison-001'));
    expect(answers.filter((answer) => answer.startsWith('429')).length).toBe(1);
    expect(warnings).toEqual([
      {
        path: '$.routes[0].models[1].model.name',
        message:
          '"chat-bison-001" is shut down: Google will refuse it. Name a Gemini model, such as "gemini-2.5-flash".',
      },
    ]);
  });

  it.each<[number, readonly string[]]>([
    [429, ['openai', 'google']],
    [503, ['openai', 'google']],
    [400, ['openai']],
  ])('after a %i of the provider: %j', async (status, called) => {
    simulator.behave('openai', { status });
    await client(withFallback).ask();
    expect(simulator.called()).toEqual(called);
  });
});

describe('Credential Harvesting', () => {
  const harvest = {
    routes: [
      {
        name: 'eng_dept',
        type: 'chat',
        models: [{ name: 'gpt-4', provider: 'openai', suffix: '/chat/completions', config: { rate_limit: 10 } }],
      },
    ],
    secrets: Array.from({ length: 10 }, (_, index) => ({
      provider_name: 'openai',
      api_key_secret_name: `openai-${index}`,
      api_key_secret_key: `sk-${index}`,
    })),
  };

  it('ten keys of ten a second carry a hundred a second', async () => {
    simulator.behave('openai', { rateLimit: { requests: 10, perMs: 60_000 } });
    const { ask, warnings } = client(harvest);
    const answers = await Promise.all(Array.from({ length: 100 }, ask));
    expect(warnings).toEqual([]);
    expect(answers.every((answer) => answer.startsWith('config'))).toBe(true);
    const counts = Map.groupBy(simulator.requests('openai'), ({ key }) => key);
    expect([...counts].map(([key, list]) => `${key} ${list.length}`).toSorted()).toEqual(
      Array.from({ length: 10 }, (_, index) => `sk-${index} 10`),
    );
  });

  it('what comes beyond waits for the next second', async () => {
    const { ask, clock } = client(harvest);
    const answers = Promise.all(Array.from({ length: 105 }, ask));
    while (simulator.requests('openai').length < 100) await new Promise((resolve) => setImmediate(resolve));
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(simulator.requests('openai').length).toBe(100);
    clock.advance(1000);
    expect((await answers).every((answer) => answer.startsWith('config'))).toBe(true);
    expect(simulator.requests('openai').length).toBe(105);
  });
});
