// docs.js - draws the reference from the contract that this server serves.
'use strict';

(async () => {
  const state = document.getElementById('state');
  try {
    const answer = await fetch('/openapi.json', { headers: { accept: 'application/json' } });
    if (!answer.ok) {
      throw new Error(`/openapi.json answered ${answer.status}`);
    }
    const spec = await answer.json();
    // Try this server, by whatever name it was reached.
    spec.servers = [{ url: window.location.origin, description: 'This server' }];
    // What stands there with a slash at its end is the same as without.
    for (const path of Object.keys(spec.paths).filter((name) => name.endsWith('/'))) {
      delete spec.paths[path];
    }
    // An example that is sent twice with different bodies would be refused the second time.
    for (const parameter of spec.paths['/v1/decisions'].post.parameters) {
      if (parameter.name === 'Idempotency-Key') {
        delete parameter.example;
      }
    }
    window.ui = window.SwaggerUIBundle({
      spec,
      dom_id: '#reference',
      layout: 'BaseLayout',
      presets: [window.SwaggerUIBundle.presets.apis],
      deepLinking: true,
      displayRequestDuration: true,
      defaultModelsExpandDepth: 0,
      persistAuthorization: false,
      validatorUrl: null,
    });
  } catch (error) {
    state.setAttribute('role', 'alert');
    state.textContent = `The reference cannot be shown: ${error.message}. Reload the page to try again.`;
  }
})();
