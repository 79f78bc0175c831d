using System.Collections.Generic;
using System.Linq;
using System.Text;
using Apache.Arrow;
using Polder.Columns;

namespace Polder.Cli.Demo;

/// <summary>
/// Rows like those of the US flight records: in order of time, busy airports busier, evenings and winters later. The
/// same seed gives the same rows on every machine.
/// </summary>
internal sealed class FlightGenerator
{
    private const int BatchRows = 8192;
    private const long MicrosecondsPerMinute = 60_000_000;

    // 2001-01-01T00:00:00 in microseconds since 1970.
    private const long FirstMinuteMicroseconds = 978_307_200_000_000;
    private static readonly int[] DaysOfMonth = [31, 28, 31, 30, 31, 30];

    private static readonly byte[][] Airports = [.. (
        "ATL ORD DFW LAX PHX DEN DTW MSP IAH LAS STL EWR SFO PHL CLT SEA BOS LGA MCO PIT CVG SLC SAN DCA TPA MDW BWI " +
        "MIA OAK BNA SJC PDX HOU MEM RDU SNA CLE IAD MCI ONT SMF JFK BUR DAL ABQ AUS IND FLL SAT CMH MSY TUS RNO OMA " +
        "BDL MKE ELP GEG BHM SDF").Split(' ').Select(code => Encoding.ASCII.GetBytes(code))];

    private ulong _state;

    public FlightGenerator(int seed)
    {
        _state = (ulong)seed | 1;
    }

    /// <summary>Months that rows are spread over.</summary>
    public static int MonthCount => DaysOfMonth.Length;

    /// <summary>The columns.</summary>
    public static DataType Schema { get; } = DataType.Struct(
        new StructField("date", DataType.TimestampNtz),
        new StructField("delay", DataType.Integer),
        new StructField("distance", DataType.Integer),
        new StructField("origin", DataType.String),
        new StructField("destination", DataType.String));

    /// <summary>The rows of one month, 0-based, in batches.</summary>
    public IEnumerable<RecordBatch> Month(int monthIndex, int rowCount)
    {
        long start = FirstMinuteMicroseconds;
        for (int month = 0; month < monthIndex; month++)
        {
            start += DaysOfMonth[month] * 1440 * MicrosecondsPerMinute;
        }

        int minutes = DaysOfMonth[monthIndex] * 1440;
        for (int done = 0; done < rowCount; done += BatchRows)
        {
            int count = int.Min(BatchRows, rowCount - done);
            yield return Batch(start, minutes, monthIndex, done, count, rowCount);
        }
    }

    private RecordBatch Batch(long start, int minutes, int monthIndex, int firstRow, int count, int rowCount)
    {
        FixedBuilder<long> date = (FixedBuilder<long>)ColumnBuilder.Create(DataType.TimestampNtz, count);
        FixedBuilder<int> delay = (FixedBuilder<int>)ColumnBuilder.Create(DataType.Integer, count);
        FixedBuilder<int> distance = (FixedBuilder<int>)ColumnBuilder.Create(DataType.Integer, count);
        BytesBuilder origin = (BytesBuilder)ColumnBuilder.Create(DataType.String, count);
        BytesBuilder destination = (BytesBuilder)ColumnBuilder.Create(DataType.String, count);
        for (int row = firstRow; row < firstRow + count; row++)
        {
            int minute = (int)((long)row * minutes / rowCount);
            int from = Airport();
            int to = Airport();
            to = to == from ? (to + 1) % Airports.Length : to;
            date.Append(start + (minute * MicrosecondsPerMinute));
            distance.Append(100 + (int)(((uint)from * 7919 + (uint)to * 104729) % 2500));
            origin.Append(Airports[from]);
            destination.Append(Airports[to]);
            if (Next(100) == 0)
            {
                // A cancelled flight has no delay.
                delay.AppendNull();
            }
            else
            {
                delay.Append(Delay(minute % 1440 / 60, monthIndex, from));
            }
        }

        return new RecordBatch(
            ArrowTypes.ToSchema(Schema),
            [date.Build(), delay.Build(), distance.Build(), origin.Build(), destination.Build()],
            count);
    }

    // Squaring a uniform number crowds the first airports.
    private int Airport()
    {
        double uniform = Next(1 << 20) / (double)(1 << 20);
        return (int)(uniform * uniform * Airports.Length);
    }

    private int Delay(int hour, int monthIndex, int airport)
    {
        int usual = -8 + (hour / 3) + (monthIndex < 2 ? 3 : 0) + (airport * 37 % 61 / 5);
        return Next(10) < 8 ? usual + Next(12) - 6 : usual + (Next(12) * Next(12));
    }

    // xorshift64*.
    private int Next(int exclusiveMaximum)
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return (int)((((_state * 0x2545f4914f6cdd1d) >> 33) * (ulong)exclusiveMaximum) >> 31);
    }
}
