using System;
using System.Collections.Generic;
using System.Text;
using Polder.Fuzz.Forge;

namespace Polder.Fuzz.Targets;

/// <summary>The schema in a table's metadata.</summary>
internal sealed class SchemaJsonTarget() : FuzzTarget("schema-json")
{
    private const string Protocol = """{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}""";
    private const string Add =
        """{"add":{"path":"a","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}}""";

    private static readonly string[] Fields =
    [
        """{"name":"id","type":"long","nullable":true,"metadata":{}}""",
        """{"name":"d","type":"decimal(10,2)","nullable":false,"metadata":{"delta.columnMapping.id":3}}""",
        """
        {"name":"a","type":{"type":"array","elementType":"string","containsNull":true},
        "nullable":true,"metadata":{}}
        """,
        """
        {"name":"m","type":{"type":"map","keyType":"string","valueType":{"type":"struct","fields":[]},
        "valueContainsNull":true},"nullable":true,"metadata":{"__CHAR_VARCHAR_TYPE_STRING":"varchar(3)"}}
        """,
        """{"name":"v","type":"variant","nullable":true,"metadata":{"delta.typeChanges":[{"fromType":"int"}]}}""",
    ];

    public override IEnumerable<byte[]> Seeds()
    {
        foreach (string field in Fields)
        {
            yield return Encoding.UTF8.GetBytes($$"""{"type":"struct","fields":[{{field}}]}""");
        }

        yield return Encoding.UTF8.GetBytes($$"""{"type":"struct","fields":[{{string.Join(',', Fields)}}]}""");
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        string metadata =
            """{"metaData":{"id":"i","format":{"provider":"parquet"},"partitionColumns":[],"configuration":{},""" +
            $"\"schemaString\":\"{TableLog.Quote(TableLog.Text(input))}\"}}}}";
        string commit = string.Join('\n', Protocol, metadata, Add);
        TableLog.Open(TableLog.Store(TableLog.File(0, "json"), Encoding.UTF8.GetBytes(commit)));
    }
}
