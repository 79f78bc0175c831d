using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Polder.Columns;
using Polder.Parquet;
using Polder.Parquet.Format;
using Polder.Tests.Parquet.Footer;
using Polder.Tests.Parquet.Write;
using Xunit;

namespace Polder.Tests.Parquet;

/// <summary>Shapes of lists and maps (LogicalTypes.md, "Nested Types"), and types both ways.</summary>
public sealed class ParquetSchemaTests
{
    [Fact]
    public void What_is_written_reads_as_the_same_type()
    {
        DataType written = WriteValues.EveryType;
        Assert.Equal(written, ParquetSchema.FromDataType(written).ToDataType());
    }

    [Theory]
    [InlineData("list<element nullable>", "optional my_list LIST { repeated list { optional INT32 element } }")]
    [InlineData("list<element>", "optional my_list LIST { repeated list { required INT32 element } }")]
    [InlineData("list<element nullable>", "optional my_list LIST { repeated bag { optional INT32 array } }")]
    [InlineData("list<element>", "optional my_list LIST { repeated INT32 element }")]
    [InlineData("list<struct>", "optional my_list LIST { repeated element { required INT32 a required INT32 b } }")]
    [InlineData("list<struct>", "optional my_list LIST { repeated array { required INT32 a } }")]
    [InlineData("list<struct>", "optional my_list LIST { repeated my_list_tuple { required INT32 a } }")]
    [InlineData("list<list>", "optional my_list LIST { repeated array LIST { repeated INT32 array } }")]
    [InlineData("list<list>", "optional my_list LIST { repeated list { required e LIST { repeated INT32 list } } }")]
    public void Lists_of_every_writer_are_lists(string expected, string text)
    {
        ParquetField field = Parse(text).Fields.Single();
        Assert.Equal(FieldShape.List, field.Shape);
        Assert.True(field.IsNullable);
        Assert.Equal(1, field.DefinitionLevel);
        Assert.Equal(0, field.RepetitionLevel);
        ParquetField element = field.Children.Single();
        Assert.Equal(expected, element.Shape switch
        {
            FieldShape.Struct => "list<struct>",
            FieldShape.List => "list<list>",
            _ => element.IsNullable ? "list<element nullable>" : "list<element>",
        });
        Assert.Equal(element.IsNullable ? 3 : 2, element.DefinitionLevel);
        Assert.Equal(1, element.RepetitionLevel);
    }

    [Fact]
    public void A_bare_repeated_field_is_a_required_list_of_required_elements()
    {
        ParquetField field = Parse("repeated INT32 numbers").Fields.Single();
        Assert.Equal(FieldShape.List, field.Shape);
        Assert.False(field.IsNullable);
        Assert.Equal(0, field.DefinitionLevel);
        Assert.Equal(0, field.RepetitionLevel);
        Assert.Equal(DataType.Array(DataType.Integer, false), field.Type);
        Assert.Equal((1, 1), (field.Children[0].DefinitionLevel, field.Children[0].RepetitionLevel));
    }

    [Theory]
    [InlineData("optional m MAP { repeated key_value { required INT32 key optional BYTE_ARRAY value } }")]
    [InlineData("optional m MAP { repeated map { required INT32 k optional BYTE_ARRAY v } }")]
    public void Maps_are_keys_and_values_by_position(string text)
    {
        ParquetField field = Parse(text).Fields.Single();
        Assert.Equal(DataType.Map(DataType.Integer, DataType.Binary), field.Type);
        Assert.Equal(["key", "value"], field.Children.Select(child => child.Name));
        Assert.Equal([2, 3], field.Children.Select(child => child.DefinitionLevel));
        Assert.Equal([1, 1], field.Children.Select(child => child.RepetitionLevel));
    }

    [Fact]
    public void A_map_without_values_is_a_list_of_its_keys()
    {
        ParquetField field = Parse("optional m MAP { repeated key_value { required INT32 key } }").Fields.Single();
        Assert.Equal(DataType.Array(DataType.Integer, false), field.Type);
    }

    [Fact]
    public void A_variant_finds_its_parts_by_name()
    {
        ParquetField field = Parse(
            "optional v VARIANT { required BYTE_ARRAY value required BYTE_ARRAY metadata }").Fields.Single();
        Assert.Equal(DataType.Variant, field.Type);
        Assert.Equal(["metadata", "value"], field.Children.Select(child => child.Name));
        Assert.False(field.IsShredded);
    }

    [Fact]
    public void Types_of_other_writers_agree_with_DuckDB()
    {
        int compared = 0;
        string folder = Corpus.Path("corpus", "parquet", "parquet-testing");
        foreach (string path in Directory.EnumerateFiles(folder, "*.parquet", SearchOption.AllDirectories).Order())
        {
            ParquetSchema schema;
            List<Dictionary<string, object?>> columns;
            try
            {
                schema = FooterDecoderTests.Decode(File.ReadAllBytes(path)).Schema;
                columns = PeerReaders.QueryDuckDb($"DESCRIBE SELECT * FROM read_parquet('{path}')");
            }
            catch (Exception e) when (e is CorruptFileException or UnsupportedFeatureException
                or DuckDB.NET.Data.DuckDBException)
            {
                continue;
            }

            foreach ((ParquetField field, Dictionary<string, object?> column) in schema.Fields.Zip(columns))
            {
                string type = (string)column["column_type"]!;
                if (field.IsSupported && type != "VARIANT" && !type.StartsWith("GEO", StringComparison.Ordinal))
                {
                    Assert.True(IsSameShape(field.Type, type), $"{Path.GetFileName(path)}: {field} and {type}");
                    compared++;
                }
            }
        }

        Assert.True(compared > 300, $"only {compared} columns compared");
    }

    private static bool IsSameShape(DataType type, string duckDb) => type.Kind switch
    {
        TypeKind.Array => duckDb.EndsWith("[]", StringComparison.Ordinal),
        TypeKind.Map => duckDb.StartsWith("MAP(", StringComparison.Ordinal),
        TypeKind.Struct => duckDb.StartsWith("STRUCT(", StringComparison.Ordinal),
        TypeKind.Boolean => duckDb == "BOOLEAN",
        TypeKind.Byte => duckDb == "TINYINT",
        TypeKind.Short => duckDb is "SMALLINT" or "UTINYINT",
        TypeKind.Integer => duckDb is "INTEGER" or "USMALLINT",
        TypeKind.Long => duckDb is "BIGINT" or "UINTEGER",
        TypeKind.Float => duckDb == "FLOAT",
        TypeKind.Double => duckDb == "DOUBLE",
        TypeKind.Decimal => duckDb.StartsWith("DECIMAL", StringComparison.Ordinal) || duckDb is "UBIGINT" or "DOUBLE",
        TypeKind.String => duckDb is "VARCHAR" or "JSON" || duckDb.StartsWith("ENUM", StringComparison.Ordinal),
        TypeKind.Binary => duckDb is "BLOB" or "UUID" or "INTERVAL",
        TypeKind.Date => duckDb == "DATE",
        TypeKind.Time => duckDb.StartsWith("TIME", StringComparison.Ordinal),
        TypeKind.Timestamp or TypeKind.TimestampNtz => duckDb.StartsWith("TIMESTAMP", StringComparison.Ordinal),
        TypeKind.Void => true,
        _ => false,
    };

    /// <summary>A schema from words: repetition, type, name, annotation, children in braces.</summary>
    private static ParquetSchema Parse(string text)
    {
        Queue<string> words = new(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        List<SchemaElement> elements = [new() { Name = "root", ChildCount = 1 }];
        ParseNode(words, elements);
        return SchemaTree.Build(elements, Limits.Default);
    }

    private static void ParseNode(Queue<string> words, List<SchemaElement> elements)
    {
        Repetition repetition = Enum.Parse<Repetition>(words.Dequeue(), ignoreCase: true);
        string word = words.Dequeue();
        PhysicalType? physical = word switch
        {
            "INT32" => PhysicalType.Int32,
            "BYTE_ARRAY" => PhysicalType.ByteArray,
            _ => null,
        };
        if (physical is not null)
        {
            elements.Add(new SchemaElement { Name = words.Dequeue(), Physical = physical, Repetition = repetition });
            return;
        }

        LogicalKind kind = words.Peek() switch
        {
            "LIST" => LogicalKind.List,
            "MAP" => LogicalKind.Map,
            "VARIANT" => LogicalKind.Variant,
            _ => LogicalKind.None,
        };
        if (kind != LogicalKind.None)
        {
            words.Dequeue();
        }

        Assert.Equal("{", words.Dequeue());
        int position = elements.Count;
        elements.Add(new SchemaElement { Name = word });
        int childCount = 0;
        for (; words.Peek() != "}"; childCount++)
        {
            ParseNode(words, elements);
        }

        words.Dequeue();
        elements[position] = new SchemaElement
        {
            Name = word, Repetition = repetition, Logical = new LogicalType(kind), ChildCount = childCount,
        };
    }
}
