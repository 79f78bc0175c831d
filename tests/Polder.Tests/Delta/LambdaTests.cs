using System;
using System.Collections.Generic;
using System.Linq;
using System.Linq.Expressions;
using System.Threading.Tasks;
using Polder.Columns.Rows;
using Polder.Delta;
using Polder.Expressions;
using Polder.Files;
using Polder.Storage.Memory;
using Xunit;

namespace Polder.Tests.Delta;

public enum Weather
{
    Sunny,
    Foggy,
    Stormy = 7,
}

[PolderRow]
public partial record Place(string? Name, [PolderColumn("stock")] int? Count);

[PolderRow]
public partial record Trip(
    int Id,
    [PolderColumn("from_airport")] string? Origin,
    string Destination,
    int? Delay,
    short Seats,
    long? Distance,
    decimal? Price,
    double Score,
    bool Late,
    bool? Checked,
    DateTime When,
    DateOnly? Day,
    Weather Sky,
    [PolderColumn(Type = "string")] Weather? Said,
    char Gate,
    Guid Code,
    [PolderColumn(Type = "binary")] Guid Key,
    Place? Stop)
{
    public string Label => $"{Id}";
}

/// <summary>Predicates as lambdas: a scan gives the rows for which the lambda is true when it is run.</summary>
public sealed class LambdaTests
{
    private static readonly Trip[] Trips = Make(400, 20261125);

    private static readonly string[] Airports = ["SEA", "DEN"];

    [Fact]
    public async Task Comparisons_keep_the_rows_that_the_lambda_keeps()
    {
        int limit = 60;
        int? unknown = null;
        string? nowhere = null;
        DateTime since = new(2001, 3, 1, 12, 0, 0);
        DateOnly day = new(2001, 3, 2);
        Guid key = Trips[7].Key, code = Trips[8].Code;
        await CheckAsync(
            trip => trip.Delay > 60,
            trip => !(trip.Delay > limit),
            trip => trip.Delay >= limit || trip.Origin == "SEA",
            trip => 60 < trip.Delay && trip.Origin == Airports[1],
            trip => trip.Delay == null,
            trip => trip.Delay != null,
            trip => trip.Delay == unknown,
            trip => trip.Delay != unknown,
            trip => trip.Delay > unknown,
            trip => !(trip.Delay > unknown),
            trip => trip.Origin == nowhere,
            trip => trip.Origin != "SEA",
            trip => !(trip.Origin == "SEA"),
            trip => trip.Delay != 60,
            trip => trip.Delay.HasValue && trip.Delay.Value < limit,
            trip => !trip.Delay.HasValue,
            trip => trip.Delay == trip.Id || trip.Distance == trip.Delay,
            trip => trip.Delay != trip.Distance,
            trip => trip.Seats > 100 && trip.Seats != limit,
            trip => trip.Distance > limit,
            trip => trip.Price > 100.5m,
            trip => trip.Price == trip.Id,
            trip => trip.Score < 0.5,
            trip => trip.When < since,
            trip => trip.When >= since.AddDays(3),
            trip => trip.Day == day,
            trip => trip.Day > new DateOnly(2001, 3, 1).AddDays(2),
            trip => trip.Key == key || trip.Code == code,
            trip => trip.Sky == Weather.Stormy || trip.Said == Weather.Foggy,
            trip => trip.Said != Weather.Foggy,
            trip => trip.Sky != Weather.Sunny && trip.Said == null,
            trip => trip.Gate == 'B');
    }

    [Fact]
    public async Task Truth_values_lists_and_texts_keep_the_rows_that_the_lambda_keeps()
    {
        List<string?> places = ["SEA", null];
        HashSet<int> ids = [1, 2, 3, 50];
        Weather[] skies = [Weather.Foggy, Weather.Stormy];
        int?[] delays = [10, 60, null];
        string part = "E%_\\'";
        bool known = false;
        await CheckAsync(
            trip => trip.Late,
            trip => !trip.Late,
            trip => trip.Checked == true,
            trip => trip.Checked != true,
            trip => trip.Checked == null,
            trip => trip.Checked ?? false,
            trip => !(trip.Checked ?? false),
            trip => trip.Late == known,
            trip => trip.Late == (trip.Delay > 5),
            trip => trip.Late ^ trip.Delay > 5,
            trip => trip.Late & trip.Delay > 5 | trip.Id == 3,
            trip => known || trip.Late,
            trip => Airports.Contains(trip.Origin),
            trip => !Airports.Contains(trip.Origin),
            trip => places.Contains(trip.Origin),
            trip => !places.Contains(trip.Origin),
            trip => ids.Contains(trip.Id),
            trip => new[] { 4, 5 }.Contains(trip.Id),
            trip => new int[0].Contains(trip.Id),
            trip => delays.Contains(trip.Delay),
            trip => skies.Contains(trip.Sky),
            trip => trip.Said != null && skies.Contains(trip.Said.Value),
            trip => trip.Origin != null && trip.Origin.StartsWith("SE", StringComparison.Ordinal) == false,
            trip => trip.Destination.StartsWith('S'),
            trip => trip.Destination.EndsWith("EN"),
            trip => !trip.Destination.Contains("EN"),
            trip => trip.Destination.Contains(part),
            trip => string.IsNullOrEmpty(trip.Origin),
            trip => !string.IsNullOrEmpty(trip.Origin),
            trip => trip.Destination.Equals("DEN"),
            trip => string.CompareOrdinal(trip.Destination, "M") < 0,
            trip => trip.Origin + trip.Destination == "SEADEN",
            trip => trip.Destination.Substring(1) == "EN" || trip.Destination.Substring(0, 2) == "SE");
    }

    [Fact]
    public async Task Arithmetic_choices_and_parts_keep_the_rows_that_the_lambda_keeps() => await CheckAsync(
        trip => trip.Id % 3 == 1,
        trip => trip.Id * 2 - 7 > trip.Delay,
        trip => (long)trip.Id * 1_000_000_000 > 30_000_000_000,
        trip => trip.Id / 7 == 2,
        trip => -trip.Id < -100,
        trip => (trip.Id & 4) == 4 && (trip.Id | 1) != trip.Id && (trip.Id ^ 3) > 9 && ~trip.Id < -5,
        trip => (trip.Delay ?? 0) > 30,
        trip => trip.Delay.GetValueOrDefault() == 0,
        trip => trip.Delay.GetValueOrDefault(-1) < 0,
        trip => (trip.Late ? trip.Id : trip.Seats) > 90,
        trip => trip.Price * 2 > 300,
        trip => trip.Id * 0.5 > 60.25,
        trip => Math.Abs(trip.Id - 100) < 10,
        trip => trip.When.Year == 2001 && trip.When.Month == 3 && trip.When.Day > 4,
        trip => trip.When.Date == new DateTime(2001, 3, 4),
        trip => trip.When.DayOfWeek == DayOfWeek.Sunday || trip.When.Hour == 7,
        trip => trip.Day!.Value.DayOfYear > 62,
        trip => trip.Stop != null && trip.Stop.Name == "Hub",
        trip => trip.Stop == null || trip.Stop.Count > 2);

    [Fact]
    public async Task Captured_lambdas_skip_files_and_say_so()
    {
        MemoryStore store = new();
        DeltaTable table = await DeltaTable.OpenOrCreateAsync<Trip>(store);
        await table.AppendAsync(Trips.Where(trip => trip.Origin == "SEA"));
        await table.AppendAsync(Trips.Where(trip => trip.Origin == "DEN"));
        string airport = "SEA";
        TableScan<Trip> scan = table.Scan<Trip>().Where(trip => trip.Origin == airport && trip.Delay > 60);
        Assert.StartsWith(
            "1 of 2 files; 1 skipped: statistics(from_airport)", scan.Explain(), StringComparison.Ordinal);
        Assert.StartsWith(
            "1 of 2 files",
            table.Scan<Trip>().Where(trip => !(trip.Origin != airport)).Explain(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lambdas_filter_the_rows_of_a_file()
    {
        using TemporaryFolder folder = new();
        string path = folder["trips.parquet"];
        await using (ParquetFileWriter writer = await ParquetFileWriter.CreateAsync<Trip>(path))
        {
            await writer.WriteAsync(Trips);
            await writer.CompleteAsync();
        }

        await using ParquetFile file = await ParquetFile.OpenAsync(path);
        List<Trip> read = await file.Read<Trip>().Where(trip => trip.Id > 100).Where(trip => trip.Origin == "SEA")
            .AsAsyncEnumerable().ToListAsync();
        Assert.Equal(Trips.Where(trip => trip.Id > 100 && trip.Origin == "SEA"), read);
    }

    [Fact]
    public async Task What_has_no_counterpart_is_named()
    {
        DeltaTable table = await DeltaTable.OpenOrCreateAsync<Trip>(new MemoryStore());
        void Refused(Expression<Func<Trip, bool>> predicate, string part)
        {
            QueryException error = Assert.Throws<QueryException>(() => table.Scan<Trip>().Where(predicate));
            Assert.Equal(QueryException.Unsupported, error.Condition);
            Assert.StartsWith(
                $"'{part}' in a lambda has no counterpart in SQL; ", error.Message, StringComparison.Ordinal);
        }

        Refused(trip => trip.Delay > 1 && trip.Destination.Trim() == "SEA", "trip.Destination.Trim()");
        Refused(trip => trip.Destination.Length > 3, "trip.Destination.Length");
        Refused(trip => trip.Label == "3", "trip.Label");
        Refused(trip => (short)trip.Id > 3, "Convert(trip.Id, Int16)");
        Refused(trip => trip.Destination.Contains(trip.Destination), "trip.Destination");
        Refused(
            trip => trip.Destination.Any(letter => letter == 'S'),
            "trip.Destination.Any(letter => (Convert(letter, Int32) == 83))");
    }

    [Fact]
    public async Task What_fails_while_it_is_evaluated_fails_as_it_does_in_code()
    {
        DeltaTable table = await DeltaTable.OpenOrCreateAsync<Trip>(new MemoryStore());
        string[] none = [];
        Assert.Throws<InvalidOperationException>(
            () => table.Scan<Trip>().Where(trip => trip.Destination == none.First()));
        Assert.Throws<FormatException>(() => table.Scan<Trip>().Where(trip => trip.Id == int.Parse("x")));
    }

    private static async Task CheckAsync(params Expression<Func<Trip, bool>>[] predicates)
    {
        DeltaTable table = await DeltaTable.OpenOrCreateAsync<Trip>(new MemoryStore());
        foreach (Trip[] part in Trips.OrderBy(trip => trip.Destination).ThenBy(trip => trip.Id).Chunk(90))
        {
            await table.AppendAsync(part);
        }

        List<string> offences = [];
        foreach (Expression<Func<Trip, bool>> predicate in predicates)
        {
            IEnumerable<int> expected = Trips.Where(Guard(predicate.Compile())).Select(trip => trip.Id).Order();
            try
            {
                List<Trip> read =
                    await table.Scan<Trip>().Where(predicate).AsAsyncEnumerable().ToListAsync();
                int[] found = [.. read.Select(trip => trip.Id).Order()];
                if (!expected.SequenceEqual(found))
                {
                    offences.Add($"{predicate}: {string.Join(' ', found)}, expected {string.Join(' ', expected)}");
                }
            }
            catch (QueryException exception)
            {
                offences.Add($"{predicate}: {exception.Message}");
            }
        }

        Assert.True(offences.Count == 0, string.Join('\n', offences));
    }

    /// <summary>Where C# throws at a null that it must look into, SQL has no truth.</summary>
    private static Func<Trip, bool> Guard(Func<Trip, bool> predicate) => trip =>
    {
        try
        {
            return predicate(trip);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            return false;
        }
    };

    private static Trip[] Make(int count, int seed)
    {
        Random random = new(seed);
        string[] places = ["SEA", "DEN", "SFO", "", "E%_\\'", "e%_\\'"];
        T? Maybe<T>(T value)
            where T : struct => random.Next(4) == 0 ? null : value;
        return
        [
            .. Enumerable.Range(0, count).Select(id => new Trip(
                id,
                random.Next(5) == 0 ? null : places[random.Next(places.Length)],
                places[random.Next(places.Length)],
                Maybe(random.Next(120)),
                (short)random.Next(200),
                Maybe((long)random.Next(120)),
                Maybe((decimal)random.Next(40_000) / 100),
                random.NextDouble(),
                random.Next(2) == 0,
                Maybe(random.Next(2) == 0),
                new DateTime(2001, 3, 1).AddHours(random.Next(200)),
                Maybe(new DateOnly(2001, 3, 1).AddDays(random.Next(6))),
                (Weather)(random.Next(3) is 2 ? 7 : random.Next(2)),
                Maybe(random.Next(2) == 0 ? Weather.Foggy : Weather.Sunny),
                (char)('A' + random.Next(3)),
                new Guid(random.Next(), 1, 2, [1, 2, 3, 4, 5, 6, 7, 8]),
                new Guid(random.Next(), 1, 2, [1, 2, 3, 4, 5, 6, 7, 9]),
                random.Next(3) == 0 ? null : new Place(random.Next(2) == 0 ? "Hub" : null, Maybe(random.Next(5))))),
        ];
    }
}
