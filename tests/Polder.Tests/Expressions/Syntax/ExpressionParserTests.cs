using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Polder.Expressions;
using Polder.Expressions.Syntax;
using Xunit;

namespace Polder.Tests.Expressions.Syntax;

public sealed class ExpressionParserTests
{
    /// <summary>
    /// Where Polder differs on purpose: intervals that mix months and time are refused by the parser already, and
    /// names of select items belong to the statement parser.
    /// </summary>
    private static readonly string[] Known =
    [
        "-interval '3 month 1 hour'", "INTERVAL '3 month 1 hour'", "InterVal 'interval 3 month 1 hour'",
        "-interval 3 monThs 4 dayS 22 sEcond 1 millisecond",
        "interval '1 year 3 months 2 weeks 2 days 1 hour 3 minutes 2 seconds 100 millisecond 200 microseconds'",
        "1 + r.r As q", "a as b", "a b", "a() (b, c)", "a.* b",
    ];

    [Fact]
    public void Every_text_of_Sparks_parser_tests_is_accepted_or_refused_as_there()
    {
        List<string> wrong = [];
        foreach (string line in File.ReadLines(Corpus.Path("corpus", "spark-sql", "expressions.ndjson")))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            string sql = document.RootElement.GetProperty("sql").GetString()!;
            string group = document.RootElement.GetProperty("group").GetString()!;
            bool fails = document.RootElement.TryGetProperty("error", out JsonElement error) &&
                error.ValueKind == JsonValueKind.String;
            string? condition = ConditionOf(group, sql);
            bool accepted = condition is null or QueryException.Unsupported;
            if (accepted == fails && !Known.Contains(sql))
            {
                wrong.Add($"{group}: {sql} -> {condition}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static string? ConditionOf(string group, string sql)
    {
        try
        {
            _ = group switch
            {
                "data_type" => (object)TypeParser.ParseType(sql),
                "table_schema" => TypeParser.ParseSchema(sql),
                _ => ExpressionParser.Parse(sql),
            };
            return null;
        }
        catch (QueryException exception)
        {
            return exception.Condition;
        }
    }
}
