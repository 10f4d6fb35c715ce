Feature: Calls of MCP servers

  Scenario: a tool of a server over standard input and output
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: mcp-stdio, version: '1.0.0' }
    do:
      - greet:
          call: mcp
          with:
            method: tools/call
            parameters: { name: greet, arguments: { name: '${ .name }' } }
            transport:
              stdio:
                command: python3
                arguments:
                  - -c
                  - |
                    import json, os, sys
                    for line in sys.stdin:
                        asked = json.loads(line)
                        if 'id' not in asked:
                            continue
                        result = {}
                        if asked['method'] == 'initialize':
                            result = {'protocolVersion': asked['params']['protocolVersion'],
                                      'capabilities': {'tools': {}},
                                      'serverInfo': {'name': 'greeter', 'version': '1'}}
                        if asked['method'] == 'tools/call':
                            said = os.environ['GREETING'] + ' ' + asked['params']['arguments']['name']
                            result = {'content': [{'type': 'text', 'text': said}]}
                        print(json.dumps({'jsonrpc': '2.0', 'id': asked['id'], 'result': result}), flush=True)
                environment: { GREETING: Hello }
          output: { as: '.content[0].text' }
    """
    And given the workflow input is:
    """yaml
    name: Ann
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    Hello Ann
    """

  Scenario: the result of a tool of a server over HTTP
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: mcp-http, version: '1.0.0' }
    do:
      - add:
          call: mcp
          with:
            protocolVersion: '2025-06-18'
            method: tools/call
            parameters: { name: add, arguments: { a: 2, b: 3 } }
            transport: { http: { endpoint: 'http://petshop.test/mcp' } }
            client: { name: features, version: '1.0.0' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    { content: [ { type: text, text: '5' } ], structuredContent: { sum: 5 } }
    """

  Scenario: what a server has
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: mcp-read, version: '1.0.0' }
    do:
      - tools:
          call: mcp
          with:
            method: tools/list
            transport: { http: { endpoint: 'http://petshop.test/mcp' } }
          output: { as: '[.tools[].name]' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [ add, fail ]
    """

  Scenario: a tool that fails is a runtime error
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: mcp-fails, version: '1.0.0' }
    do:
      - fail:
          call: mcp
          with:
            method: tools/call
            parameters: { name: fail }
            transport: { http: { endpoint: 'http://petshop.test/mcp' } }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://serverlessworkflow.io/spec/1.0.0/errors/runtime
    status: 500
    instance: /do/0/fail
    """

  Scenario: a server that the operator has not enabled
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: mcp-refused, version: '1.0.0' }
    do:
      - list:
          call: mcp
          with:
            method: tools/list
            transport: { stdio: { command: npx, arguments: [ anything ] } }
    """
    When the workflow is executed
    Then the workflow should be refused with:
    """
    :7:
    The MCP server `npx` is not enabled here.
    """

  Scenario: a server over HTTP that has no handshake is found out
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: mcp-new-http, version: '1.0.0' }
    do:
      - add:
          call: mcp
          with:
            method: tools/call
            parameters: { name: add, arguments: { a: 2, b: 3 } }
            transport: { http: { endpoint: 'http://petshop.test/new-mcp' } }
          output: { as: .structuredContent.sum }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    5
    """

  Scenario: a server over standard input and output that has no handshake
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: mcp-new-stdio, version: '1.0.0' }
    do:
      - greet:
          call: mcp
          with:
            method: tools/call
            parameters: { name: greet, arguments: { name: Ann } }
            transport:
              stdio:
                command: python3
                arguments:
                  - -c
                  - |
                    import json, sys
                    for line in sys.stdin:
                        asked = json.loads(line)
                        about = asked.get('params', {}).get('_meta', {})
                        answer = {'jsonrpc': '2.0', 'id': asked.get('id')}
                        if about.get('io.modelcontextprotocol/protocolVersion') != '2026-07-28':
                            answer['error'] = {'code': -32602, 'message': 'which version?'}
                        elif asked['method'] == 'server/discover':
                            answer['result'] = {'supportedVersions': ['2026-07-28']}
                        elif asked['method'] == 'tools/call':
                            said = 'Hello ' + asked['params']['arguments']['name']
                            answer['result'] = {'content': [{'type': 'text', 'text': said}]}
                        else:
                            answer['error'] = {'code': -32601, 'message': 'unknown'}
                        print(json.dumps(answer), flush=True)
          output: { as: '.content[0].text' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    Hello Ann
    """
