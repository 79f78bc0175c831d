using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Analysis;
using Polder.Expressions.Syntax;
using Xunit;

namespace Polder.Tests.Expressions;

/// <summary>Names of select items without an alias, against those that Spark recorded for its examples.</summary>
public sealed class SyntaxTextTests(ITestOutputHelper output)
{
    /// <summary>Recorded names that were met when this was last raised; it may only grow.</summary>
    private const int AgreedFloor = 490;

    private const string Select = "SELECT ";

    [Fact]
    public void Items_are_named_as_Spark_names_them()
    {
        int agreed = 0;
        List<string> wrong = [];
        foreach (string line in File.ReadLines(Corpus.Path("corpus", "spark-sql", "documented.ndjson")))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            string sql = document.RootElement.GetProperty("sql").GetString()!;
            if (!sql.StartsWith(Select, System.StringComparison.Ordinal) ||
                !document.RootElement.TryGetProperty("schema", out JsonElement schema) ||
                schema.GetArrayLength() != 1 ||
                !TryParse(sql[Select.Length..], out SyntaxNode? node))
            {
                continue;
            }

            string recorded = schema[0].GetProperty("name").GetString()!;
            string named = SyntaxText.Format(node, part => AnalyzeAlone(part));
            if (named == recorded)
            {
                agreed++;
            }
            else
            {
                wrong.Add($"{sql} | {named} | {recorded}");
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"agreed {agreed}, different {wrong.Count}"));
        output.WriteLine(string.Join('\n', wrong));
        Assert.True(agreed >= AgreedFloor);
    }

    [Theory]
    [InlineData("t.id + 1", "(id + 1)")]
    [InlineData("t.S.A", "S.A")]
    [InlineData("count(*)", "count(1)")]
    [InlineData("sum(DISTINCT t.id) FILTER (WHERE id > 0)", "sum(DISTINCT id) FILTER (WHERE (id > 0))")]
    [InlineData("CASE id WHEN 1 THEN 'a' ELSE 'b' END", "CASE WHEN (id = 1) THEN a ELSE b END")]
    [InlineData("day + 1", "date_add(day, 1)")]
    [InlineData("day - INTERVAL 1 MONTH", "day - INTERVAL '1' MONTH")]
    [InlineData("INTERVAL 2 DAY + day", "date_add(day, extractansiintervaldays(INTERVAL '2' DAY))")]
    [InlineData("a <> b OR NOT a IN (1, 2)", "((NOT (a = b)) OR (NOT (a IN (1, 2))))")]
    [InlineData("id NOT BETWEEN 1 AND 2", "(NOT between(id, 1, 2))")]
    [InlineData("if(id IS NULL, -1, 0.0D)", "(IF((id IS NULL), -1, 0.0))")]
    [InlineData("'a' || name", "concat(a, name)")]
    [InlineData("CAST(id AS decimal(10,2))", "CAST(id AS DECIMAL(10,2))")]
    [InlineData("bigint(id)", "id")]
    public void An_item_is_named_by_what_it_says(string text, string name)
    {
        DataType schema = DataType.Struct(
            new StructField("id", DataType.Long),
            new StructField("day", DataType.Date),
            new StructField("s", DataType.Struct(new StructField("a", DataType.Integer))));

        string named = SyntaxText.Format(ExpressionParser.Parse(text), node => AnalyzeAlone(
            node is NameSyntax { Parts: ["t", ..] } name ? name with { Parts = [.. name.Parts.Skip(1)] } : node,
            schema));

        Assert.Equal(name, named);
    }

    private static Expression? AnalyzeAlone(SyntaxNode node, DataType? schema = null)
    {
        try
        {
            return ExpressionAnalyzer.Analyze(node, new StructScope(schema ?? DataType.Struct()));
        }
        catch (QueryException)
        {
            return null;
        }
    }

    private static bool TryParse(
        string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SyntaxNode? node)
    {
        try
        {
            node = ExpressionParser.Parse(text);
            return true;
        }
        catch (QueryException)
        {
            node = null; // FROM and what else makes a query of it.
            return false;
        }
    }
}
