using System.Collections.Generic;
using System.IO;
using System.Linq;
using Polder.Benchmarks.Jobs;
using Polder.Benchmarks.Kernels;

namespace Polder.Benchmarks;

/// <summary>The report on disk: tables that were not measured this time stay as they are.</summary>
internal static class ReportFile
{
    private const string Heading = "\n## ";

    /// <summary>Writes the report, its tables in the order of the jobs; tables of jobs that are no more go.</summary>
    public static void Update(string path, string report)
    {
        string[] fresh = report.Split(Heading);
        string[] stored = File.Exists(path) ? File.ReadAllText(path).Split(Heading) : [""];
        Dictionary<string, string> tables = stored.Skip(1).Concat(fresh.Skip(1))
            .GroupBy(TitleOf)
            .ToDictionary(group => group.Key, group => group.Last().TrimEnd('\n') + "\n");
        IEnumerable<string> titles = AllJobs.List.Select(job => job.Title)
            .Concat(AllKernels.List.Select(table => table.Title));
        string[] sections = [fresh[0], .. titles.Where(tables.ContainsKey).Select(title => tables[title])];
        File.WriteAllText(path, string.Join(Heading, sections));
    }

    private static string TitleOf(string section) => section.Split('\n', 2)[0];
}
