using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using Polder.Server.Queries;
using Polder.Tests.Server.Queries;
using Xunit;

namespace Polder.Tests.Server.Charts;

/// <summary>
/// Charts are the same bytes every time, and look as they did when somebody looked at them. With POLDER_GOLDEN=write the
/// recorded ones are written anew; look at them before they are committed.
/// </summary>
public sealed class ChartGoldenTests
{
    private const string Cities =
        "VALUES ('Oslo', 709037), ('Kraków', 804237), ('Wien', 2005760), ('Genève', 203856), ('Lille', 236710)";

    private const string Months =
        "SELECT DATE '2024-01-01' + CAST(30.44 * id AS INT) AS day, 100 + id * 7 + 40 * (id % 3) AS rev FROM range(18)";

    private const string Regions =
        "SELECT DATE '2025-06-01' + CAST(t.id AS INT) AS day, r.region, (t.id * r.k + 13 * r.k) % 90 + 20 * r.k AS n" +
        " FROM range(60) t CROSS JOIN (VALUES ('North', 1), ('South', 2), ('West', 3), ('East', 4)) AS r(region, k)";

    private const string Many =
        "SELECT id AS x, concat('group ', id % 12) AS g, (id * 37) % 101 + 10 * (id % 12) AS y FROM range(240)";

    private const string Ugly =
        "SELECT * FROM (VALUES ('a', 1.0), ('b', NULL), (NULL, 2.0), ('c', CAST('NaN' AS DOUBLE))," +
        " ('d', CAST('Infinity' AS DOUBLE)), ('e', -3.5), ('f', 4.0), ('', 1.0)) AS t(k, v)";

    private const string Long =
        "SELECT * FROM (VALUES ('The Quick Brown Fox Jumped Over The Lazy Dog Twice And Fell Asleep', 12)," +
        " ('الأرقام العربية في هذا الجدول', 7), ('<script>alert(\"x\")</script> & more', 5)," +
        " ('数据湖中的一张表，它的名字很长很长很长', 9), ('line\\nbreak', 3)) AS t(name, n)";

    private static readonly Dictionary<string, (string Arguments, string Sql)> Cases = new()
    {
        ["bar"] = ("chart=bar x=col1 y=col2 title=Population", Cities),
        ["bar-series"] = (
            "chart=bar x=q y=n series=region",
            "SELECT * FROM (VALUES ('Q1','EU',10),('Q1','US',14),('Q2','EU',12),('Q2','US',9),('Q3','US',17))" +
            " AS t(q, region, n)"),
        ["bar-stacked"] = (
            "chart=bar x=day y=n series=region stacked",
            $"SELECT day, region, n * (CASE WHEN region = 'West' THEN -1 ELSE 1 END) AS n FROM ({Regions})" +
            " WHERE day < DATE '2025-06-15'"),
        ["bar-many"] = (
            "chart=bar x=id y=v", "SELECT id, (id * id) % 977 AS v FROM range(10000)"),
        ["bar-log"] = (
            "chart=bar x=k y=v log",
            "SELECT * FROM (VALUES ('a', 3), ('b', 4000), ('c', 0), ('d', 9000000), ('e', -5)) AS t(k, v)"),
        ["bar-long"] = ("chart=bar x=name y=n", Long),
        ["hbar"] = ("chart=hbar x=col1 y=col2 unit=people", Cities),
        ["hbar-long"] = ("chart=hbar x=name y=n", Long),
        ["hbar-negative"] = (
            "chart=hbar x=k y=v", "SELECT * FROM (VALUES ('up', 12.5), ('down', -30.25), ('flat', 0.0)) AS t(k, v)"),
        ["hbar-log"] = (
            "chart=hbar x=k y=v log", "SELECT concat('1e', id) AS k, power10 AS v FROM (SELECT id, CAST(" +
            "concat('1', substring('00000000', 1, CAST(id AS INT))) AS BIGINT) AS power10 FROM range(8))"),
        ["line"] = ("chart=line x=day y=rev unit=€", Months),
        ["line-series"] = ("chart=line x=day y=n series=region title=By~region", Regions),
        ["line-many-series"] = ("chart=line x=x y=y series=g", Many),
        ["line-dense"] = (
            "chart=line x=t y=v",
            "SELECT TIMESTAMP '2026-01-01 00:00:00Z' + MAKE * INTERVAL '1' SECOND AS t, v FROM (" +
            "SELECT id * 60 AS MAKE, (id * 7919) % 1000 + id / 20 AS v FROM range(20000))"),
        ["line-hours"] = (
            "chart=line x=t y=v",
            "SELECT TIMESTAMP '2026-02-27 21:00:00Z' + id * INTERVAL '20' MINUTE AS t, 0.1 * (id % 7) AS v" +
            " FROM range(60)"),
        ["line-gaps"] = (
            "chart=line x=id y=v",
            "SELECT id, CASE WHEN id % 5 = 4 THEN NULL WHEN id = 11 THEN CAST('NaN' AS DOUBLE) ELSE id * 1.5D END AS v" +
            " FROM range(16)"),
        ["line-log"] = ("chart=line x=id y=v log", "SELECT id, id * id * id + 1 AS v FROM range(40)"),
        ["line-one"] = ("chart=line x=d y=v", "SELECT DATE '2026-05-17' AS d, 42 AS v"),
        ["line-none"] = ("chart=line x=d y=v", "SELECT DATE '2026-05-17' AS d, 42 AS v WHERE 1 = 0"),
        ["line-huge"] = (
            "chart=line x=k y=v", "SELECT * FROM (VALUES (1, 1e308D), (2, -1e308D), (3, 5e307D)) AS t(k, v)"),
        ["line-tiny"] = (
            "chart=line x=k y=v",
            "SELECT * FROM (VALUES (1, 1.00001D), (2, 1.00002D), (3, 1.000015D)) AS t(k, v)"),
        ["line-categories"] = ("chart=line x=col1 y=col2 format=compact", Cities),
        ["area"] = ("chart=area x=day y=rev", Months),
        ["area-stacked"] = ("chart=area x=day y=n series=region height=240", Regions),
        ["scatter"] = (
            "chart=scatter x=x y=y series=s",
            "SELECT (id * 7919) % 1000 / 10 AS x, (id * 104729) % 997 + id AS y," +
            " CASE id % 3 WHEN 0 THEN 'first' WHEN 1 THEN 'second' ELSE 'third' END AS s FROM range(150)"),
        ["scatter-dense"] = (
            "chart=scatter x=x y=y", "SELECT (id * 7919) % 10007 AS x, (id * 104729) % 9973 AS y FROM range(9000)"),
        ["spark"] = ("chart=spark y=rev", Months),
        ["number"] = (
            "chart=number y=revenue format=#,##0 compare=before unit=€",
            "SELECT 1234567.5D AS revenue, 1100000.0D AS before"),
        ["number-null"] = ("chart=number y=n", "SELECT CAST(NULL AS INT) AS n"),
        ["bar-ugly"] = ("chart=bar x=k y=v", Ugly),
        ["table"] = (
            "format.share=0.0% bars=n",
            "SELECT * FROM (VALUES ('one', 12345, 0.1234D, DATE '2026-01-31', true), (NULL, NULL, NULL, NULL, NULL)," +
            " ('two', -99, 12.5D, DATE '1999-12-31', false)) AS t(name, n, share, day, ok)"),
        ["table-long"] = ("rows=3", Long),
        ["table-none"] = ("", "SELECT 1 AS a, 'x' AS b WHERE 1 = 0"),
        ["table-types"] = (
            "",
            "SELECT CAST(12.50 AS DECIMAL(20,4)) AS dec, TIMESTAMP '2026-01-02 03:04:05.678Z' AS ts, 1e-9D AS small," +
            " 123456789012345678 AS big, X'C0FFEE' AS bin, INTERVAL '3' DAY AS span, 0.1F AS f"),
    };

    public static TheoryData<string> AllCases() => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(AllCases))]
    public async Task A_chart_is_drawn_as_it_was_looked_at(string name)
    {
        (string arguments, string sql) = Cases[name];
        QueryPage page = new();
        string text = $"```sql {name} {{{arguments}}}\n{sql}\n```";
        FenceResult fence = (await page.RunAsync(text)).Fences[0];
        Assert.True(fence.Failure is null, fence.Failure?.Message);
        string file = Path.Combine(Folder(), name + ".html");
        if (Environment.GetEnvironmentVariable("POLDER_GOLDEN") == "write")
        {
            await File.WriteAllTextAsync(file, fence.Html + "\n");
        }

        Assert.Equal(await File.ReadAllTextAsync(file), fence.Html + "\n");
        Assert.Equal(fence.Hash, (await new QueryPage().RunAsync(text)).Fences[0].Hash);
        int marks = fence.Html.Split("<rect").Length + fence.Html.Split("<circle").Length +
            fence.Html.Count(unit => unit == 'L');
        Assert.InRange(marks, 0, 5000);
    }

    private static string Folder([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "Golden");
}
